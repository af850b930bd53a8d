// Several commands in one request.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { call, connect, createChat, owner, reader, send } from './portal.js'

describe('batch', () => {
  const client = connect(owner)

  const batch = (calls, options) => client.actions.v2.batch.make({ calls, options })

  it('answers named commands under their names and follows references', async () => {
    const response = await batch({
      me: { method: 'profile' },
      chat: { method: 'im.chat.add', params: { TITLE: 'Tide tables', USERS: [reader.id] } },
      message: {
        method: 'im.message.add',
        params: { DIALOG_ID: 'chat$result[chat]', MESSAGE: 'High water at 6 & 18 + a bit' }
      },
      dialog: { method: 'im.dialog.get', params: { DIALOG_ID: 'chat$result[chat]' } },
      written: { method: 'im.dialog.messages.get', params: { DIALOG_ID: 'chat$result[dialog][id]' } }
    })

    assert.ok(response.isSuccess, response.getErrorMessages().join('; '))
    const { me, chat, message, dialog, written } = response.getData()
    assert.equal(me.ID, String(owner.id))
    assert.equal(dialog.id, chat)
    assert.equal(dialog.last_message_id, message)
    const { text } = written.messages.find(({ id }) => id === message)
    assert.equal(text, 'High water at 6 & 18 + a bit')
  })

  it('answers a list of commands in its order', async () => {
    const response = await batch([
      ['im.revision.get', {}],
      ['profile', {}],
      ['user.get', { filter: { ID: reader.id } }]
    ])

    const [revision, profile, users] = response.getData()
    assert.equal(typeof revision.rest, 'number')
    assert.equal(profile.ID, String(owner.id))
    assert.deepEqual(users.map(user => user.ID), [String(reader.id)])
  })

  it('stops at the first failure when told to', async () => {
    const calls = {
      before: { method: 'profile' },
      wrong: { method: 'im.dialog.unread', params: { DIALOG_ID: String(reader.id) } },
      after: { method: 'profile' }
    }

    const halted = await batch(calls, { isHaltOnError: true })
    assert.deepEqual(Object.keys(halted.getData()), ['before'])
    assert.deepEqual(Object.keys(halted.getErrorsByKey()), ['wrong'])

    const complete = await batch(calls, { isHaltOnError: false })
    assert.deepEqual(Object.keys(complete.getData()), ['before', 'after'])
    assert.equal(complete.getErrorsByKey().wrong.code, 'MESSAGE_ID_ERROR')
  })

  it('runs fifty commands and refuses each further one', async () => {
    const cmd = Array.from({ length: 52 }, () => 'profile')
    const { result, result_error } = await call(client, 'batch', { halt: 0, cmd })
    assert.equal(result.length, 50)
    assert.deepEqual(Object.keys(result_error), ['50', '51'])
    assert.equal(result_error[50].error, 'ERROR_BATCH_LENGTH_EXCEEDED')
  })

  it('refuses a batch inside a batch', async () => {
    const response = await batch(
      { nested: { method: 'batch', params: { cmd: ['profile'] } }, profile: { method: 'profile' } },
      { isHaltOnError: false }
    )
    assert.equal(response.getErrorsByKey().nested.code, 'ERROR_BATCH_METHOD_NOT_ALLOWED')
    assert.equal(response.getData().profile.ID, String(owner.id))
  })

  it('takes more than fifty commands in several requests', async () => {
    const chat = await createChat(client, 'Log book', [reader])
    const calls = Array.from({ length: 70 }, (_, index) => [
      'im.message.add', { DIALOG_ID: chat.dialogId, MESSAGE: `Entry ${index + 1}` }
    ])

    const response = await client.actions.v2.batchByChunk.make({ calls })

    assert.ok(response.isSuccess, response.getErrorMessages().join('; '))
    const ids = response.getData()
    assert.equal(ids.length, 70)
    assert.deepEqual(ids, ids.toSorted((a, b) => a - b))
    const member = connect(reader)
    const { counter } = await call(member, 'im.dialog.get', { DIALOG_ID: chat.dialogId })
    assert.equal(counter, 70)
  })

  it('reads and marks in one request as in several', async () => {
    const chat = await createChat(client, 'Signal flags', [reader])
    const [, second] = await send(client, chat.dialogId, 'Alpha', 'Bravo', 'Charlie')
    const DIALOG_ID = chat.dialogId

    const response = await connect(reader).actions.v2.batch.make({
      calls: {
        read: { method: 'im.dialog.read', params: { DIALOG_ID } },
        unread: { method: 'im.dialog.unread', params: { DIALOG_ID, MESSAGE_ID: second } },
        dialog: { method: 'im.dialog.get', params: { DIALOG_ID } }
      }
    })

    const { read, unread, dialog } = response.getData()
    assert.equal(read.counter, 0)
    assert.equal(unread, true)
    assert.equal(dialog.counter, 2)
  })
})
