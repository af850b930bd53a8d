// A reporter of node's test runner that prints each failure and, at the end, `N passed, N failed`.

import { relative } from 'node:path'
import { inspect } from 'node:util'

// A file or a `describe` is reported too, but is no test.
const isTest = ({ data }) => data.details?.type !== 'suite' && data.nesting > 0

export default async function* summary(events) {
  let passed = 0
  let failed = 0
  for await (const event of events) {
    if (event.type === 'test:pass' && isTest(event)) {
      passed += 1
    } else if (event.type === 'test:fail') {
      const { name, file, line, details } = event.data
      const isOnlyCounted = details?.error?.failureType === 'subtestsFailed'
      if (!isOnlyCounted) {
        failed += 1
        const place = file ? `${relative(process.cwd(), file)}:${line ?? 1}` : ''
        yield `FAILED ${name} (${place})\n${inspect(details?.error?.cause ?? details?.error)}\n\n`
      }
    }
  }
  yield `${passed} passed, ${failed} failed\n`
}
