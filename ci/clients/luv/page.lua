-- The functions of the binding's page about the loop, statement by statement.
local uv = require 'luv'
local common = require 'common'
local work, ok = common.work, common.ok

--- A timer that is never due here.
local function waiting()
  local timer = uv.new_timer()
  timer:start(3600000, 0, function() end)
  return timer
end

work('run default: until nothing active and referenced is left', function(result)
  local timer, background, count = uv.new_timer(), uv.new_timer(), 0
  background:start(0, 3600000, function() end)
  background:unref()
  timer:start(0, 1, function()
    count = count + 1
    if count == 3 then timer:stop() end
  end)
  result.alive = uv.run('default')
  result.count = count
  timer:close()
  background:close()
end)

work('run: without a mode as "default"', function(result)
  local timer = uv.new_timer()
  timer:start(1, 0, function() result.fired = true end)
  result.alive = uv.run()
  timer:close()
end)

work('run once: waits for what comes', function(result)
  local timer = uv.new_timer()
  local rounds = 0
  timer:start(5, 0, function() result.fired = true end)
  while not result.fired do
    uv.run('once')
    rounds = rounds + 1
    ok(rounds < 100, 'it does not wait')
  end
  timer:close()
end)

work('run nowait: waits for nothing', function(result)
  local timer = waiting()
  result.alive = uv.run('nowait')
  timer:close()
end)

work('loop_alive', function(result)
  result.before = uv.loop_alive()
  local timer = waiting()
  result.active = uv.loop_alive()
  timer:stop()
  result.stopped = uv.loop_alive()
  uv.fs_stat('.', function(err) result.request = err end)
  result.with_request = uv.loop_alive()
  uv.run()
  timer:close()
  result.closing = uv.loop_alive()
end)

work('stop: before run, which then makes no iteration', function(result)
  local idle = uv.new_idle()
  idle:start(function() result[#result + 1] = 'idle' end)
  uv.stop()
  result.alive = uv.run()
  result.count = #result
  uv.run('nowait')
  result.later = #result
  idle:close()
end)

work('stop: in a callback, the iteration ends and the poll does not wait', function(result)
  local prepare, check, timer = uv.new_prepare(), uv.new_check(), waiting()
  prepare:start(function()
    result[#result + 1] = 'prepare'
    uv.stop()
  end)
  check:start(function() result[#result + 1] = 'check' end)
  result.alive = uv.run()
  prepare:close()
  check:close()
  timer:close()
end)

work('loop_close: only when everything is closed', function(result)
  local timer = uv.new_timer()
  local closed, _, name = uv.loop_close()
  result.closed, result.name = closed, name
  timer:start(0, 0, function() result.goes_on = true end)
  uv.run()
  timer:close()
end)

work('backend_fd: readable when something was sent', function(result)
  local async, poll
  async = uv.new_async(function() result.got = true end)
  uv.run('nowait')
  result.descriptor = uv.backend_fd() > 2
  result.same = uv.backend_fd() == uv.backend_fd()
  async:send()
  uv.run('nowait')
  async:close()
end)

work('backend_timeout: milliseconds, or -1', function(result)
  local async = uv.new_async(function() end)
  uv.run('nowait')
  result.without = uv.backend_timeout()
  local timer = uv.new_timer()
  uv.update_time()
  timer:start(50000, 0, function() end)
  result.with = uv.backend_timeout()
  timer:close()
  result.closing = uv.backend_timeout()
  async:close()
end)

work('now and update_time: cached, then moved on', function(result)
  uv.update_time()
  local before = uv.now()
  local until_ = uv.hrtime() + 3e6
  while uv.hrtime() < until_ do end
  result.cached = uv.now() == before
  uv.update_time()
  result.moved = uv.now() - before >= 2
  result.whole = math.type(before) == 'integer'
end)

work('walk: every handle once', function(result)
  local handles = { uv.new_timer(), uv.new_idle(), uv.new_tcp() }
  local seen = {}
  uv.walk(function(handle) seen[handle] = (seen[handle] or 0) + 1 end)
  for i, handle in ipairs(handles) do
    result[i] = seen[handle]
    handle:close()
  end
end)

common.finish()
