local uv = require 'luv'
local common = require 'common'
local work = common.work

work('timers in order', function(result)
  for _, ms in ipairs { 30, 10, 20, 0 } do
    local timer = uv.new_timer()
    timer:start(ms, 0, function()
      result[#result + 1] = ms
      timer:close()
    end)
  end
end)

work('repeating', function(result)
  local timer, count = uv.new_timer(), 0
  timer:start(1, 2, function()
    count = count + 1
    if count == 3 then timer:set_repeat(1) end
    if count == 6 then
      result.repeats = timer:get_repeat()
      timer:stop()
      result.again = timer:again() == 0
      result.due = timer:get_due_in() <= 1
      timer:close()
    end
  end)
  result.active = timer:is_active()
  local unstarted = uv.new_timer()
  result.error = select(3, unstarted:again())
  unstarted:close()
end)

work('phases', function(result)
  local idle, prepare, check = uv.new_idle(), uv.new_prepare(), uv.new_check()
  local rounds = 0
  idle:start(function() result[#result + 1] = 'idle' end)
  prepare:start(function() result[#result + 1] = 'prepare' end)
  check:start(function()
    result[#result + 1] = 'check'
    rounds = rounds + 1
    if rounds == 2 then
      idle:close(function() result[#result + 1] = 'closed idle' end)
      prepare:close(function() result[#result + 1] = 'closed prepare' end)
      check:close(function() result[#result + 1] = 'closed check' end)
    end
  end)
end)

work('run modes', function(result)
  result.nothing = uv.run('nowait')
  local timer = uv.new_timer()
  timer:start(0, 0, function() result.fired = true end)
  result.alive = uv.loop_alive()
  while uv.run('once') do end
  timer:start(1000, 0, function() end)
  result.nowait = uv.run('nowait')
  timer:unref()
  result.unreferenced = uv.loop_alive()
  result.has_ref = timer:has_ref()
  timer:close()
end)

work('stop', function(result)
  local idle, count = uv.new_idle(), 0
  idle:start(function()
    count = count + 1
    if count == 3 then uv.stop() end
  end)
  result.stopped = uv.run()
  result.count = count
  idle:close()
end)

work('async', function(result)
  local count = 0
  local async
  async = uv.new_async(function()
    count = count + 1
    result.count = count
    async:close()
  end)
  for _ = 1, 10 do async:send() end
end)

work('signals', function(result)
  local signal = uv.new_signal()
  signal:start('sigusr1', function(name)
    result[#result + 1] = name
    signal:stop()
    signal:close()
  end)
  local once = uv.new_signal()
  uv.signal_start_oneshot(once, 'sigusr2', function(name)
    result[#result + 1] = name
    once:close()
  end)
  uv.kill(uv.os_getpid(), 'sigusr1')
  uv.kill(uv.os_getpid(), 'sigusr2')
end)

work('poll', function(result)
  local fds = uv.socketpair('stream', nil, { nonblock = true }, { nonblock = true })
  local poll, other = uv.new_poll(fds[1]), uv.new_tcp()
  other:open(fds[2])
  poll:start('rw', function(err, events)
    result[#result + 1] = events
    if events == 'w' then
      poll:start('r', function(error_, got)
        result[#result + 1] = got
        poll:stop()
        poll:close()
        other:close()
      end)
      other:write('x')
    end
  end)
end)

work('now', function(result)
  local before = uv.now()
  local until_ = uv.hrtime() + 5e6
  while uv.hrtime() < until_ do end
  result.cached = uv.now() == before
  uv.update_time()
  result.updated = uv.now() - before >= 4
  result.backend = uv.backend_fd() >= 0
  result.timeout = uv.backend_timeout()
end)

work('errors', function(result)
  result[1] = { uv.translate_sys_error(13) }
  local timer = uv.new_timer()
  timer:close()
  result.closing = timer:is_closing()
  result.twice = pcall(timer.close, timer)
end)

common.finish()
