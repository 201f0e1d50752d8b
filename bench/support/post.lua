-- wrk's side of a POST load: args[1] is a file with one body per line, sent in turn; args[2] their content type.
-- Requests are formatted once, so that wrk spends its core on sending.
local requests = {}
local turn = 0

function init(args)
  wrk.headers['Content-Type'] = args[2]
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format('POST', nil, nil, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requestsPerSecond":%.1f,"p50Ms":%.3f,"p99Ms":%.3f,"maxMs":%.3f,"errors":%d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, failed))
end
