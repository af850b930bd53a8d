// A bot that marks messages as read and replies with the same text. See ../README.md for its settings.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { globalAgent } from 'node:https'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { rootCertificates } from 'node:tls'

import { B24Hook } from '@bitrix24/b24jssdk'

const env = process.env
const mode = env.BOT_MODE || 'fetch'
const botToken = env.BOT_TOKEN || ''
const path = `/${createHash('sha256').update(botToken).digest('hex')}`
const portal = connect()

let left = env.BOT_MESSAGES ? Number(env.BOT_MESSAGES) : Infinity
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stop.abort())
}

/** The portal refused a call, and would refuse it again: the message or the chat is gone, or there is nothing to send. */
class Refused extends Error {}

/** Checks the settings; returns the SDK's client. */
function connect() {
  const missing = ['PORTAL_WEBHOOK', 'BOT_TOKEN'].filter(name => !env[name])
  if (missing.length > 0) {
    end(2, `${missing.join(' and ')} must be set: see examples/README.md`)
  }
  if (!['fetch', 'webhook'].includes(mode)) {
    end(2, 'BOT_MODE must be fetch or webhook')
  }
  if (env.BOT_MESSAGES && !/^[1-9]\d*$/.test(env.BOT_MESSAGES)) {
    end(2, 'BOT_MESSAGES must be a number')
  }
  if (env.BOT_LISTEN && !/^[^:]+:\d{1,5}$/.test(env.BOT_LISTEN)) {
    end(2, 'BOT_LISTEN must be an address and a port such as 127.0.0.1:8080')
  }
  if (env.PORTAL_CA) {
    try {
      globalAgent.options.ca = [...rootCertificates, readFileSync(env.PORTAL_CA)]
    } catch {
      end(2, `PORTAL_CA names a file that cannot be read: ${env.PORTAL_CA}`)
    }
  }
  try {
    return B24Hook.fromWebhookUrl(env.PORTAL_WEBHOOK)
  } catch {
    end(2, 'PORTAL_WEBHOOK must be the URL of an incoming webhook such as https://localhost:8443/rest/1/SECRET/')
  }
}

/** Says why in one line, and ends the bot. */
function end(status, problem) {
  say(problem)
  process.exit(status)
}

/** Prints a problem in one line. Errors can quote URLs and parameters, which are secret. */
function say(problem) {
  const secrets = [botToken, path.slice(1), ...(env.PORTAL_WEBHOOK || '').split('/').slice(5)]
  let line = String(problem?.message ?? problem).replaceAll(/\s+/g, ' ')
  for (const secret of secrets.filter(Boolean)) {
    line = line.replaceAll(secret, '***')
  }
  console.error(line)
}

/** Calls a bot method and returns its result. */
async function call(method, params) {
  try {
    const response = await portal.actions.v2.call.make({ method: `imbot.v2.${method}`, params })
    for (const error of response.getErrors()) {
      throw error
    }
    return response.getData().result
  } catch (error) {
    // Whatever else goes wrong may go right later: no connection, too many calls, a webhook that is being replaced.
    const isFinal = error.status >= 400 && error.status < 500 && ![401, 408, 429].includes(error.status)
    const Kind = isFinal ? Refused : Error
    throw new Kind(`${method}: ${error.code}: ${error.message}`)
  }
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
 * leaves no receipt for their author. A message that is gone, or has no text, is passed over: whoever could stop the bot at it
 * would stop it for everybody.
 */
async function echo(botId, { dialogId, messageId, message }) {
  try {
    await call('Chat.Message.read', { botId, botToken, dialogId, messageId })
    await call('Chat.Message.send', { botId, botToken, dialogId, fields: { message } })
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error
    }
    say(`message ${messageId} is passed over: ${error.message}`)
    return
  }
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
      say(error)
    }
    await sleep(500, null, { signal: stop.signal }).catch(() => {})
  }
  if (offset) {
    await call('Event.get', { botId, botToken, offset, limit: 1 })
  }
}

/** Runs the server to which the portal sends events. */
async function receiveEvents() {
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
      say(error)
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

try {
  await (mode === 'webhook' ? receiveEvents() : fetchEvents())
} catch (error) {
  end(1, error)
}
