// A bot that marks messages as read and replies with the same text. See ../README.md for its settings.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

import { B24Hook } from '@bitrix24/b24jssdk'

const env = process.env
const mode = env.BOT_MODE || 'fetch'
const botToken = env.BOT_TOKEN
const portal = B24Hook.fromWebhookUrl(env.PORTAL_WEBHOOK)

let left = Number(env.BOT_MESSAGES) || Infinity
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stop.abort())
}

async function call(method, params) {
  const response = await portal.actions.v2.call.make({ method: `imbot.v2.${method}`, params })
  if (!response.isSuccess) {
    throw new Error(`${method}: ${response.getErrorMessages().join('; ')}`)
  }
  return response.getData().result
}

/** Registers the bot and its event mode; returns its id. */
async function register(events) {
  const code = env.BOT_CODE || 'echo-js'
  const fields = { code, botToken, properties: { name: 'Echo' }, ...events }
  const { bot } = await call('Bot.register', { fields })
  // Registering does not change an existing bot.
  await call('Bot.update', { botId: bot.id, botToken, fields: events })
  return bot.id
}

/**
 * Marks a message in a private chat as read, then replies. The order matters: a reply marks all earlier messages as read, but
 * leaves no receipt for their author.
 */
async function echo(botId, { dialogId, messageId, message }) {
  await call('Chat.Message.read', { botId, botToken, dialogId, messageId })
  await call('Chat.Message.send', { botId, botToken, dialogId, fields: { message } })
  left -= 1
  if (left <= 0) {
    stop.abort()
  }
}

/** Polls for events; each request acknowledges those already handled. */
async function fetchEvents() {
  const botId = await register({ eventMode: 'fetch' })
  console.log(`bot ${botId} asks for its events`)
  let offset
  while (!stop.signal.aborted) {
    try {
      const { events } = await call('Event.get', { botId, botToken, offset })
      for (const { eventId, type, data } of events) {
        if (type === 'ONIMBOTV2MESSAGEADD' && data.chat.messageType === 'P') {
          const { id: messageId, text: message } = data.message
          await echo(botId, { dialogId: data.chat.dialogId, messageId, message })
        }
        offset = eventId + 1
        if (stop.signal.aborted) {
          break
        }
      }
      if (events.length > 0) {
        // Acknowledges them and fetches more.
        continue
      }
    } catch (error) {
      console.error(error.message)
    }
    await sleep(500, null, { signal: stop.signal }).catch(() => {})
  }
  if (offset) {
    await call('Event.get', { botId, botToken, offset, limit: 1 })
  }
}

/** Runs the server to which the portal sends events. */
async function receiveEvents() {
  const path = `/${createHash('sha256').update(botToken).digest('hex')}`
  let registered
  let applicationToken

  async function handle(request) {
    if (request.method !== 'POST' || request.url !== path) {
      return 404
    }
    const form = new URLSearchParams(await text(request))
    const token = form.get('auth[application_token]')
    applicationToken ??= token
    if (!token || token !== applicationToken) {
      return 403
    }
    if (form.get('event') === 'ONIMBOTV2MESSAGEADD' && form.get('data[chat][messageType]') === 'P') {
      // An event can arrive before the response to the registration.
      await echo(await registered, {
        dialogId: form.get('data[chat][dialogId]'),
        messageId: Number(form.get('data[message][id]')),
        message: form.get('data[message][text]')
      })
    }
    return 200
  }

  const server = createServer(async (request, response) => {
    let status = 500 // The portal sends the event again.
    try {
      status = await handle(request)
    } catch (error) {
      console.error(error.message)
    }
    response.writeHead(status, { Connection: 'close' }).end()
  })
  const [host, port] = (env.BOT_LISTEN || '127.0.0.1:0').split(':')
  await once(server.listen(Number(port), host), 'listening')
  const url = env.BOT_URL || `http://${host}:${server.address().port}`
  registered = register({ eventMode: 'webhook', webhookUrl: url + path })
  console.log(`bot ${await registered} is sent its events at ${url}`)
  if (!stop.signal.aborted) {
    await once(stop.signal, 'abort')
  }
  await new Promise(closed => server.close(closed))
}

await (mode === 'webhook' ? receiveEvents() : fetchEvents())
