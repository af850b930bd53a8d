// What one user reads, another one's counters, and who has seen what.

import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'

import { call, connect, createChat, owner, outsider, reader, send } from './portal.js'

describe('read state', () => {
  const author = connect(owner)
  const member = connect(reader)
  let chat
  let first, second, third

  before(async () => {
    chat = await createChat(author, 'Lighthouse keepers', [reader])
  })

  beforeEach(async () => {
    await call(member, 'im.dialog.read', { DIALOG_ID: chat.dialogId })
    ;[first, second, third] = await send(author, chat.dialogId, 'Lamp lit', 'Fog', 'Ship passed')
  })

  const read = (MESSAGE_ID) => call(member, 'im.dialog.read', { DIALOG_ID: chat.dialogId, MESSAGE_ID })
  const dialog = (client) => call(client, 'im.dialog.get', { DIALOG_ID: chat.dialogId })
  const state = (lastId, counter) => ({ dialogId: chat.dialogId, chatId: chat.id, lastId, counter })

  it('knows who calls by the webhook', async () => {
    const profile = await call(member, 'profile')
    const user = await call(member, 'user.current')
    assert.equal(profile.ID, String(reader.id))
    assert.equal(user.ID, String(reader.id))
    assert.equal(profile.NAME, user.NAME)
  })

  it('counts what others wrote and not what one wrote oneself', async () => {
    assert.equal((await dialog(member)).counter, 3)
    assert.equal((await dialog(author)).counter, 0)
  })

  it('names the first unread and the last message of a dialog', async () => {
    const { unread_id, last_message_id, dialog_id } = await dialog(member)
    assert.deepEqual(
      { unread_id, last_message_id, dialog_id },
      { unread_id: first, last_message_id: third, dialog_id: chat.dialogId }
    )
  })

  it('reads up to a message, and then everything', async () => {
    assert.deepEqual(await read(first), state(first, 2))
    assert.equal((await dialog(member)).unread_id, second)
    assert.deepEqual(await read(), state(third, 0))
    assert.equal((await dialog(member)).unread_id, 0)
  })

  it('never goes back by reading an older message', async () => {
    await read(third)
    assert.deepEqual(await read(first), state(third, 0))
  })

  it('goes back to a message that is marked as unread', async () => {
    await read()
    const unread = { DIALOG_ID: chat.dialogId, MESSAGE_ID: second }
    assert.equal(await call(member, 'im.dialog.unread', unread), true)
    const { counter, unread_id, marked_id } = await dialog(member)
    assert.deepEqual(
      { counter, unread_id, marked_id },
      { counter: 2, unread_id: second, marked_id: second }
    )
  })

  it('lowers the totals by exactly what was read', async () => {
    const counters = () => call(member, 'im.counters.get')
    const unread = await counters()
    assert.equal(unread.CHAT[chat.id], 3)
    await read(second)
    const rest = await counters()
    assert.equal(rest.CHAT[chat.id], 1)
    assert.equal(unread.TYPE.CHAT - rest.TYPE.CHAT, 2)
    assert.equal(unread.TYPE.ALL - rest.TYPE.ALL, 2)
    await read()
    assert.equal((await counters()).CHAT[chat.id], undefined)
  })

  it('shows the author who has seen the last message', async () => {
    const unseen = await dialog(author)
    assert.deepEqual(unseen.last_message_views, {
      message_id: third, first_viewers: [], count_of_viewers: 0
    })
    await read()
    const { last_message_views, readed_list } = await dialog(author)
    assert.equal(last_message_views.count_of_viewers, 1)
    assert.deepEqual(last_message_views.first_viewers.map(viewer => viewer.user_id), [reader.id])
    const [receipt] = readed_list
    assert.equal(receipt.user_id, reader.id)
    assert.equal(receipt.message_id, third)
    assert.ok(Date.parse(receipt.date) <= Date.now())
  })

  it('reads everything for who answers', async () => {
    const [answer] = await send(member, chat.dialogId, 'Aye')
    assert.equal((await dialog(member)).counter, 0)
    const { counter, unread_id } = await dialog(author)
    assert.deepEqual({ counter, unread_id }, { counter: 1, unread_id: answer })
  })

  it('lists the chat among the recent ones with its counter', async () => {
    const { items } = await call(member, 'im.recent.list')
    const item = items.find(({ chat_id }) => chat_id === chat.id)
    const { id, chat_id, title, counter, unread, message } = item
    assert.deepEqual(
      { id, chat_id, title, counter, unread, message: message.id },
      {
        id: chat.dialogId, chat_id: chat.id, title: 'Lighthouse keepers',
        counter: 3, unread: false, message: third
      }
    )
  })

  it('is closed to who is no member', async () => {
    const stranger = connect(outsider)
    assert.equal(await call(stranger, 'im.dialog.read', { DIALOG_ID: chat.dialogId }), false)
    await assert.rejects(dialog(stranger), { name: 'AjaxError', code: 'ACCESS_ERROR', status: 403 })
  })

  it('counts private messages by the other user', async () => {
    const toReader = String(reader.id)
    const fromOwner = String(owner.id)
    await call(member, 'im.dialog.read', { DIALOG_ID: fromOwner })
    const [message] = await send(author, toReader, 'Tea?')
    assert.equal((await call(member, 'im.counters.get')).DIALOG[owner.id], 1)
    const { dialogId, lastId, counter } =
      await call(member, 'im.dialog.read', { DIALOG_ID: fromOwner })
    assert.deepEqual(
      { dialogId, lastId, counter },
      { dialogId: fromOwner, lastId: message, counter: 0 }
    )
  })
})
