// Runs the public tests of HTTP caches (npm http-cache-tests) and their origin in one process, and
// prints the required ones that fail, a line each.
// Arguments: the package's folder, the origin's port, the cache's name, its address, its port.
import dns from 'node:dns'
import http from 'node:http'
import path from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

const TOGETHER = 200 // tests at a time; most of their time is pauses
const [folder, originPort, name, address, port] = process.argv.slice(2)
const part = file => import(pathToFileURL(path.join(folder, file)))

const lookup = dns.lookup
dns.lookup = (asked, options, done) => {
  if (asked !== name) return lookup(asked, options, done)
  const answer = typeof options === 'function' ? options : done
  return options.all ? answer(null, [{ address, family: 4 }]) : answer(null, address, 4)
}
const { listen } = http.Server.prototype
http.Server.prototype.listen = function (at) { return listen.call(this, at, '127.0.0.1') }
Object.assign(process.env, {
  npm_config_protocol: 'http', npm_config_port: originPort, npm_config_pidfile: '/dev/null'
})
await part('server/server.mjs')
const { default: fetch } = await part('node_modules/node-fetch/lib/index.mjs')
  .catch(() => part('../node-fetch/lib/index.mjs'))
const { default: suites } = await part('tests/index.mjs')
const { runTests, getResults } = await part('client/runner.mjs')
await runTests(suites, fetch, false, `http://${name}:${port}`, TOGETHER)
const results = getResults()
const required = suites.flatMap(suite => suite.tests)
  .filter(test => !test.browser_only && (test.kind ?? 'required') === 'required')
console.log(`required ${required.length}`)
for (const { id } of required.filter(test => results[test.id] !== true)) {
  console.log(`failed ${id}: ${results[id]}`)
}
process.exit(0)
