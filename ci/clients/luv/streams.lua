local uv = require 'luv'
local common = require 'common'
local work, ok = common.work, common.ok

local function echo_server(result)
  local server = uv.new_tcp()
  ok(server:bind('127.0.0.1', 0))
  server:listen(128, function(err)
    ok(not err, err)
    local peer = uv.new_tcp()
    server:accept(peer)
    peer:read_start(function(error_, data)
      ok(not error_, error_)
      if data then
        peer:write(data)
      else
        peer:shutdown(function() peer:close() end)
        result.served = (result.served or 0) + 1
      end
    end)
  end)
  return server, server:getsockname().port
end

work('tcp echo', function(result)
  local server, port = echo_server(result)
  local sent, received, clients = 0, 0, 20
  for i = 1, clients do
    local client = uv.new_tcp()
    client:connect('127.0.0.1', port, function(err)
      ok(not err, err)
      client:read_start(function(_, data)
        if data then
          received = received + #data
        else
          client:close()
          clients = clients - 1
          if clients == 0 then server:close() end
          result.same = sent == received
        end
      end)
      for j = 1, 50 do
        local text = string.rep('x', i * j)
        sent = sent + #text
        client:write(text)
      end
      client:write({ 'several', ' ', 'buffers' })
      sent = sent + 15
      client:shutdown()
    end)
  end
end)

work('order of callbacks', function(result)
  local server, port = echo_server(result)
  local client, order = uv.new_tcp(), {}
  client:connect('127.0.0.1', port, function()
    for i = 1, 5 do client:write('w', function() order[#order + 1] = i end) end
    client:shutdown(function() order[#order + 1] = 'shutdown' end)
    client:read_start(function(_, data)
      if not data then
        client:close(function() order[#order + 1] = 'closed' end)
        server:close()
      end
    end)
  end)
  result.order = order
end)

work('write queue', function(result)
  local server = uv.new_tcp()
  server:bind('127.0.0.1', 0)
  local peer
  server:listen(1, function()
    peer = uv.new_tcp()
    server:accept(peer)
  end)
  local client = uv.new_tcp()
  client:connect('127.0.0.1', server:getsockname().port, function()
    local much = string.rep('y', 10000000)
    client:write(much, function(err) result.cancelled = err end)
    result.queued = client:write_queue_size() > 0
    result.try = select(3, client:try_write('z'))
    client:close(function() result.closed = true end)
    peer:close()
    server:close()
  end)
end)

work('connection refused', function(result)
  local bound = uv.new_tcp()
  bound:bind('127.0.0.1', 0)
  local client = uv.new_tcp()
  client:connect('127.0.0.1', bound:getsockname().port, function(err)
    result.error = err
    client:close()
    bound:close()
  end)
end)

work('options', function(result)
  local tcp = uv.new_tcp('inet')
  result[1] = { tcp:bind('127.0.0.1', 0), tcp:nodelay(true), tcp:keepalive(true, 60), tcp:simultaneous_accepts(true) }
  result.readable, result.writable = tcp:is_readable(), tcp:is_writable()
  result.peer = select(3, tcp:getpeername())
  local again = uv.new_tcp()
  result.bound = again:bind('127.0.0.1', tcp:getsockname().port)
  result.listen = select(3, again:listen(1, function() end))
  result.size = tcp:recv_buffer_size() > 0
  tcp:close()
  again:close()
  local reset = uv.new_tcp()
  reset:close_reset()
end)

work('pipes by name', function(result)
  local server = uv.new_pipe(false)
  ok(server:bind('sock'))
  result.name = server:getsockname()
  server:listen(5, function()
    local peer = uv.new_pipe(false)
    server:accept(peer)
    peer:read_start(function(_, data)
      if data then
        peer:write(data:upper())
      else
        peer:close()
        server:close()
      end
    end)
  end)
  local client = uv.new_pipe(false)
  client:connect('sock', function()
    result.peer = client:getpeername()
    client:write('hello', function() client:shutdown() end)
    client:read_start(function(_, data)
      if data then result.data = (result.data or '') .. data else client:close() end
    end)
  end)
  local none = uv.new_pipe(false)
  none:connect('nothing', function(err)
    result.none = err
    none:close()
  end)
end)

work('pipe pair', function(result)
  local fds = uv.pipe({ nonblock = true }, { nonblock = true })
  local reader, writer = uv.new_pipe(false), uv.new_pipe(false)
  reader:open(fds.read)
  writer:open(fds.write)
  result.readable = { reader:is_readable(), reader:is_writable(), writer:is_readable(), writer:is_writable() }
  local total = 0
  reader:read_start(function(_, data)
    if data then
      total = total + #data
    else
      result.total = total
      reader:close()
    end
  end)
  writer:write(string.rep('p', 1000000), function() writer:close() end)
end)

work('descriptors over a pipe', function(result)
  local fds = uv.socketpair('stream', nil, { nonblock = true }, { nonblock = true })
  local left, right = uv.new_pipe(true), uv.new_pipe(true)
  left:open(fds[1])
  right:open(fds[2])
  local server, port = echo_server(result)
  local client = uv.new_tcp()
  client:connect('127.0.0.1', port, function()
    left:write2('take it', client, function()
      client:close()
      left:close()
    end)
  end)
  right:read_start(function(_, data)
    if not data then return end
    result.data, result.pending, result.type = data, right:pending_count(), right:pending_type()
    local taken = uv.new_tcp()
    right:accept(taken)
    right:close()
    taken:write('through the other')
    taken:shutdown()
    taken:read_start(function(_, back)
      if back then
        result.back = (result.back or '') .. back
      else
        taken:close()
        server:close()
      end
    end)
  end)
end)

work('read stop and start', function(result)
  local fds = uv.socketpair('stream', nil, { nonblock = true }, { nonblock = true })
  local a, b = uv.new_pipe(false), uv.new_pipe(false)
  a:open(fds[1])
  b:open(fds[2])
  local count = 0
  local function on_read(_, data)
    if not data then
      b:close()
      return
    end
    count = count + 1
    result.count = count
    b:read_stop()
    local timer = uv.new_timer()
    timer:start(2, 0, function()
      timer:close()
      b:read_start(on_read)
      if count < 3 then a:write('more') elseif not a:is_closing() then a:close() end
    end)
  end
  b:read_start(on_read)
  result.twice = select(3, b:read_start(on_read)) or 'ok'
  a:write('first')
end)

common.finish()
