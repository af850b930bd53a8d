// What the SDK throws when a call is refused.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { AjaxError, B24Hook } from '@bitrix24/b24jssdk'

import { call, connect, limitedWebhook, owner, reader } from './portal.js'

describe('errors', () => {
  const client = connect(owner)

  async function refused(promise, code, status) {
    await assert.rejects(promise, error => {
      assert.ok(error instanceof AjaxError)
      assert.deepEqual({ code: error.code, status: error.status }, { code, status })
      assert.notEqual(error.message, '')
      return true
    })
  }

  it('tell a webhook with a wrong secret', async () => {
    const url = new URL(owner.webhook)
    const stranger = B24Hook.fromWebhookUrl(`${url.origin}/rest/${owner.id}/wrongsecret/`)
    await refused(call(stranger, 'profile'), 'INVALID_CREDENTIALS', 401)
    await refused(call(stranger, 'no.such.method'), 'INVALID_CREDENTIALS', 401)
  })

  it('tell a webhook of another user', async () => {
    const secret = new URL(owner.webhook).pathname.split('/')[3]
    const url = new URL(owner.webhook)
    const stranger = B24Hook.fromWebhookUrl(`${url.origin}/rest/${reader.id}/${secret}/`)
    await refused(call(stranger, 'profile'), 'INVALID_CREDENTIALS', 401)
  })

  it('tell a scope that a webhook lacks', async () => {
    const limited = B24Hook.fromWebhookUrl(limitedWebhook)
    assert.deepEqual(await call(limited, 'scope'), ['im'])
    assert.equal(typeof (await call(limited, 'im.counters.get')).TYPE.ALL, 'number')
    await refused(call(limited, 'user.get'), 'insufficient_scope', 401)
  })

  it('tell a method that is not there', async () => {
    await refused(call(client, 'im.no.such.method'), 'ERROR_METHOD_NOT_FOUND', 404)
  })

  it('tell a parameter that is missing or wrong', async () => {
    await refused(call(client, 'im.dialog.get'), 'DIALOG_ID_EMPTY', 400)
    await refused(call(client, 'im.dialog.read', { DIALOG_ID: 'chat' }), 'DIALOG_ID_EMPTY', 400)
    const DIALOG_ID = String(reader.id)
    await refused(
      call(client, 'im.dialog.unread', { DIALOG_ID, MESSAGE_ID: 0 }), 'MESSAGE_ID_ERROR', 400
    )
  })

  it('leave the answer of a success with its time', async () => {
    const response = await client.actions.v2.call.make({ method: 'server.time', params: {} })
    const { result, time } = response.getData()
    assert.ok(Math.abs(Date.parse(result) - Date.now()) < 60_000)
    assert.equal(typeof time.operating, 'number')
    assert.ok(time.finish >= time.start)
  })
})
