local uv = require 'luv'
local common = require 'common'
local work, ok = common.work, common.ok

work('request and reply', function(result)
  local server, client = uv.new_udp(), uv.new_udp()
  ok(server:bind('127.0.0.1', 0))
  server:recv_start(function(err, data, from, flags)
    ok(not err, err)
    if not data then return end
    result[#result + 1] = { data, from.ip, from.family, flags }
    server:send('re: ' .. data, from.ip, from.port)
  end)
  client:recv_start(function(_, data)
    if not data then return end
    result[#result + 1] = data
    client:close()
    server:close()
  end)
  client:send('hello', '127.0.0.1', server:getsockname().port, function(err) result.sent = err or 'ok' end)
end)

work('many', function(result)
  local server, client = uv.new_udp({ family = 'inet', mmsgs = 8 }), uv.new_udp()
  server:bind('127.0.0.1', 0)
  local port, count, sent = server:getsockname().port, 0, 0
  server:recv_start(function(_, data)
    if not data then return end
    count = count + 1
    result.ordered = result.ordered ~= false and tonumber(data) == count
    result.count = count
    if count == 500 then
      server:close()
      client:close()
    elseif count == sent then
      for _ = 1, 50 do
        sent = sent + 1
        client:send(tostring(sent), '127.0.0.1', port)
      end
    end
  end)
  for _ = 1, 50 do
    sent = sent + 1
    client:send(tostring(sent), '127.0.0.1', port)
  end
end)

work('connected', function(result)
  local server, client = uv.new_udp(), uv.new_udp()
  server:bind('127.0.0.1', 0)
  ok(client:connect('127.0.0.1', server:getsockname().port))
  result.peer = client:getpeername().ip
  result.twice = select(3, client:connect('127.0.0.1', 9))
  result.try = client:try_send('now', nil, nil)
  server:recv_start(function(_, data)
    if not data then return end
    result.data = data
    server:close()
    client:connect(nil, nil)
    result.disconnected = select(3, client:getpeername())
    client:close()
  end)
end)

work('options and errors', function(result)
  local udp = uv.new_udp()
  ok(udp:bind('127.0.0.1', 0))
  result[1] = { udp:set_broadcast(true), udp:set_ttl(8), udp:set_multicast_ttl(4), udp:set_multicast_loop(true) }
  result.ttl = select(3, udp:set_ttl(300))
  result.queue = { udp:get_send_queue_size(), udp:get_send_queue_count() }
  local other = uv.new_udp()
  result.used = select(3, other:bind('127.0.0.1', udp:getsockname().port))
  result.long = select(3, udp:try_send(string.rep('x', 70000), '127.0.0.1', 9))
  udp:close()
  other:close()
end)

work('closed with sends waiting', function(result)
  local udp, done = uv.new_udp(), 0
  for _ = 1, 10 do
    udp:send('x', '127.0.0.1', 9, function() done = done + 1; result.done = done end)
  end
  udp:close(function() result.closed = true end)
end)

common.finish()
