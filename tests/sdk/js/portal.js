// The portal under test, as `readmark demo --json` describes it, and short ways to call it.

import { B24Hook } from '@bitrix24/b24jssdk'

function required(name) {
  const value = process.env[name]
  if (!value) {
    throw new Error(`${name} is not set: these tests are run by \`cargo xtask test --only sdk\``)
  }
  return value
}

const demo = JSON.parse(required('READMARK_DEMO'))

/** A webhook that may do nothing but what the scope `im` allows. */
export const limitedWebhook = required('READMARK_LIMITED_WEBHOOK')

/** Demonstration users in the parts that they play here. */
export const [admin, owner, reader, outsider] = demo.users

/** The SDK's client for a user. */
export function connect(user) {
  return B24Hook.fromWebhookUrl(user.webhook)
}

/** Calls a method; its result. */
export async function call(client, method, params = {}) {
  const response = await client.actions.v2.call.make({ method, params })
  if (!response.isSuccess) {
    throw new Error(`${method}: ${response.getErrorMessages().join('; ')}`)
  }
  return response.getData().result
}

/** A word that no earlier run has used, so that the tests can be repeated on one portal. */
export function unique(word) {
  return `${word}${Date.now().toString(36)}${process.pid.toString(36)}`
}

/** A new chat of `owner` with `members`; its id and its dialog id. */
export async function createChat(client, title, members) {
  const USERS = members.map(user => user.id)
  const id = await call(client, 'im.chat.add', { TITLE: title, USERS })
  return { id, dialogId: `chat${id}` }
}

/** Sends messages in one batch; their ids, in order. */
export async function send(client, dialogId, ...texts) {
  const calls = texts.map(MESSAGE => ['im.message.add', { DIALOG_ID: dialogId, MESSAGE }])
  const response = await client.actions.v2.batch.make({ calls })
  if (!response.isSuccess) {
    throw new Error(`im.message.add: ${response.getErrorMessages().join('; ')}`)
  }
  return response.getData()
}
