// Lists longer than a page, read with each of the SDK's helpers.

import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'

import { ApiVersion } from '@bitrix24/b24jssdk'

import { admin, connect, unique } from './portal.js'

const COUNT = 120

describe('lists', () => {
  const client = connect(admin)
  const surname = unique('Pager')
  let created

  before(async () => {
    const calls = Array.from({ length: COUNT }, (_, index) => ['user.add', {
      EMAIL: `${surname}.${index}@sailors.example`.toLowerCase(),
      NAME: `Sailor ${index}`,
      LAST_NAME: surname,
      UF_DEPARTMENT: [1]
    }])
    const response = await client.actions.v2.batchByChunk.make({ calls })
    assert.ok(response.isSuccess, response.getErrorMessages().join('; '))
    created = response.getData().map(String)
  })

  const params = () => ({ filter: { LAST_NAME: surname } })

  it('are read whole', async () => {
    const response = await client.actions.v2.callList.make({ method: 'user.get', params: params() })
    assert.deepEqual(response.getData().map(user => user.ID), created)
  })

  it('are read in pages of fifty', async () => {
    const sizes = []
    const ids = []
    const pages = client.actions.v2.fetchList.make({ method: 'user.get', params: params() })
    for await (const page of pages) {
      sizes.push(page.length)
      ids.push(...page.map(user => user.ID))
    }
    assert.deepEqual(sizes, [50, 50, 20])
    assert.deepEqual(ids, created)
  })

  it('are read page by page with their total', async () => {
    const http = client.getHttpClient(ApiVersion.v2)
    let page = await client.actions.v2.call.make({
      method: 'user.get', params: { ...params(), sort: 'ID', order: 'ASC' }
    })
    const ids = []
    const more = []
    while (page) {
      assert.equal(page.getTotal(), COUNT)
      ids.push(...page.getData().result.map(user => user.ID))
      more.push(page.isMore())
      page = await page.fetchNext(http)
    }
    assert.deepEqual(more, [true, true, false])
    assert.deepEqual(ids, created)
  })

  it('are sorted backwards when asked', async () => {
    const response = await client.actions.v2.call.make({
      method: 'user.get', params: { ...params(), sort: 'ID', order: 'DESC' }
    })
    const ids = response.getData().result.map(user => user.ID)
    assert.deepEqual(ids, created.toReversed().slice(0, 50))
  })
})
