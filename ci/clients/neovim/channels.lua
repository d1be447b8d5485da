package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/?.lua;' .. package.path
local common = require 'common'
local work, wait = common.work, common.wait

local arguments = { vim.v.progpath, '--headless', '--embed', '-u', 'NONE', '-i', 'NONE', '-n' }

work('embedded', function()
  local code
  local child = vim.fn.jobstart(arguments, { rpc = true, on_exit = function(_, c) code = c end })
  local sum = 0
  for i = 1, 500 do sum = sum + vim.fn.rpcrequest(child, 'nvim_eval', i .. ' + 1') end
  local long = #vim.fn.rpcrequest(child, 'nvim_eval', 'repeat("x", 1000000)')
  vim.fn.rpcnotify(child, 'nvim_command', 'quit!')
  wait('its end', function() return code end)
  return { sum, long, code }
end)

work('over a socket', function()
  local address = vim.fn.serverstart(vim.fn.getcwd() .. '/sock')
  local code
  vim.g.said = ''
  local child = vim.fn.jobstart({ vim.v.progpath, '--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c',
    'let c = sockconnect("pipe", "' .. address .. '", {"rpc": 1})',
    '-c', 'call rpcrequest(c, "nvim_set_var", "said", "hello from the other")', '-c', 'qall!' },
    { on_exit = function(_, c) code = c end })
  wait('its end', function() return code end)
  vim.fn.serverstop(address)
  return { vim.g.said, code, child > 0, vim.fn.filereadable(address) }
end)

work('over TCP', function()
  local address = vim.fn.serverstart('127.0.0.1:0')
  local code
  vim.fn.jobstart({ vim.v.progpath, '--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c',
    'let c = sockconnect("tcp", "' .. address .. '", {"rpc": 1})',
    '-c', 'call rpcrequest(c, "nvim_set_var", "said", "over TCP")', '-c', 'qall!' },
    { on_exit = function(_, c) code = c end })
  wait('its end', function() return code end)
  vim.fn.serverstop(address)
  return { vim.g.said, code, (pcall(vim.fn.sockconnect, 'tcp', address)) }
end)

work('bytes', function()
  local received = ''
  local server = vim.loop.new_tcp()
  server:bind('127.0.0.1', 0)
  server:listen(5, function()
    local peer = vim.loop.new_tcp()
    server:accept(peer)
    peer:read_start(function(_, data)
      if data then peer:write(data:upper()) else peer:close() end
    end)
  end)
  local closed = false
  local channel = vim.fn.sockconnect('tcp', '127.0.0.1:' .. server:getsockname().port, {
    on_data = function(_, data)
      received = received .. table.concat(data, '\n')
      if #data == 1 and data[1] == '' then closed = true end
    end,
  })
  vim.fn.chansend(channel, 'some text')
  wait('the answer', function() return #received == 9 end)
  vim.fn.chanclose(channel)
  server:close()
  return received
end)

common.finish()
