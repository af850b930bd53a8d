// A bot of a webhook: it writes, reads, and learns what its reads have newly viewed.

import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'

import { call, connect, createChat, owner, reader, send, unique } from './portal.js'

describe('bots', () => {
  const client = connect(owner)
  const member = connect(reader)
  const botToken = unique('token')
  const code = unique('pilot')
  let botId
  let chat

  before(async () => {
    const fields = { code, botToken, properties: { name: 'Pilot' } }
    const { bot } = await call(client, 'imbot.v2.Bot.register', { fields })
    botId = bot.id
    chat = await createChat(client, 'Harbour', [reader])
    const USERS = [botId]
    assert.equal(await call(client, 'im.chat.user.add', { CHAT_ID: chat.id, USERS }), true)
  })

  const asBot = (method, params) =>
    call(client, `imbot.v2.${method}`, { botId, botToken, dialogId: chat.dialogId, ...params })
  const refusal = (code, status) => ({ name: 'AjaxError', code, status })

  it('are registered once for each code', async () => {
    const fields = { code, botToken, properties: { name: 'Another' } }
    const { bot, users } = await call(client, 'imbot.v2.Bot.register', { fields })
    assert.equal(bot.id, botId)
    assert.equal(bot.code, code)
    assert.deepEqual(users.map(({ id, name }) => ({ id, name })), [{ id: botId, name: 'Pilot' }])
  })

  it('write messages that count for the members', async () => {
    await call(member, 'im.dialog.read', { DIALOG_ID: chat.dialogId })
    const { id } = await asBot('Chat.Message.send', { fields: { message: 'Berth 4 is free' } })
    const dialog = await call(member, 'im.dialog.get', { DIALOG_ID: chat.dialogId })
    assert.equal(dialog.last_message_id, id)
    assert.equal(dialog.counter, 1)
  })

  it('learn which messages a read has newly viewed', async () => {
    await asBot('Chat.Message.read', {})
    const [first, second, third] =
      await send(client, chat.dialogId, 'Vessel in sight', 'Two miles', 'Alongside')

    assert.deepEqual(await asBot('Chat.Message.read', { messageId: second }), {
      chatId: chat.id, lastId: second, counter: 1, viewedMessages: [first, second]
    })
    assert.deepEqual(await asBot('Chat.Message.read', {}), {
      chatId: chat.id, lastId: third, counter: 0, viewedMessages: [third]
    })
    assert.deepEqual(await asBot('Chat.Message.read', {}), {
      chatId: chat.id, lastId: third, counter: 0, viewedMessages: []
    })
  })

  it('do not read messages of other chats', async () => {
    const other = await createChat(client, 'Elsewhere', [])
    const [messageId] = await send(client, other.dialogId, 'Not for the bot')
    await assert.rejects(
      asBot('Chat.Message.read', { messageId }), refusal('MESSAGE_NOT_FOUND', 400)
    )
    await assert.rejects(
      asBot('Chat.Message.read', { dialogId: other.dialogId }), refusal('ACCESS_DENIED', 403)
    )
  })

  it('are refused without their own token', async () => {
    const read = token => asBot('Chat.Message.read', { botToken: token })
    await assert.rejects(read(undefined), { name: 'AjaxError', code: 'BOT_TOKEN_NOT_SPECIFIED' })
    await assert.rejects(read('somebody-else'), { name: 'AjaxError', code: 'BOT_OWNERSHIP_ERROR' })
  })
})
