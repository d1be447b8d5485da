local uv = require 'luv'
local common = require 'common'
local work, ok = common.work, common.ok

work('thread pool', function(result)
  local sum, count = 0, 0
  local ctx = uv.new_work(function(n)
    local x = 0
    for i = 1, 10000 do x = x + i end
    return n * 2, x
  end, function(double, x)
    sum, count = sum + double, count + 1
    result.sum, result.count, result.x = sum, count, x
  end)
  for i = 1, 100 do ctx:queue(i) end
end)

work('threads', function(result)
  local async, received
  received = 0
  async = uv.new_async(function(n)
    received = n
    result.last = n
    if n == 'end' then async:close() end
  end)
  local threads = {}
  for i = 1, 4 do
    threads[i] = uv.new_thread(function(seed)
      local luv = require 'luv'
      luv.sleep(2)
      local loop_timer = luv.new_timer()
      loop_timer:start(1, 0, function() loop_timer:close() end)
      luv.run()
    end, i)
  end
  for _, thread in ipairs(threads) do result[#result + 1] = thread:join() end
  async:send('end')
  result.same = uv.thread_equal(uv.thread_self(), uv.thread_self())
end)

work('names', function(result)
  uv.getaddrinfo('127.0.0.1', '80', { socktype = 'stream', family = 'inet' }, function(err, found)
    result.address = err or { found[1].addr, found[1].port, #found }
  end)
  uv.getaddrinfo('no such name', nil, nil, function(err) result.unknown = type(err) end)
  uv.getnameinfo({ ip = '127.0.0.1', port = 80 }, function(err, host) result.host = err or #host > 0 end)
  result.sync = uv.getaddrinfo('127.0.0.1', nil, { family = 'inet', socktype = 'dgram' })[1].addr
end)

work('cancelled', function(result)
  -- With more slow work than threads the last one waits, and can be cancelled.
  local slow = uv.new_work(function()
    require('luv').sleep(20)
    return 1
  end, function() end)
  for _ = 1, 8 do slow:queue() end
  local request = uv.fs_stat('.', function(err) result.stat = err end)
  result.cancel = request:cancel()
  local lookup = uv.getaddrinfo('127.0.0.1', nil, nil, function(err) result.lookup = err end)
  result.cancel_lookup = lookup:cancel()
end)

work('random', function(result)
  result.sync = #uv.random(16, 0)
  uv.random(32, 0, function(err, bytes) result.async = err or #bytes end)
end)

common.finish()
