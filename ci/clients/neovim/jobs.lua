package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/?.lua;' .. package.path
local common = require 'common'
local work, wait = common.work, common.wait

work('output', function()
  local seen = { out = {}, err = {} }
  local job = vim.fn.jobstart({ 'sh', '-c', 'echo one; echo two >&2; exit 3' }, {
    stdout_buffered = true,
    stderr_buffered = true,
    on_stdout = function(_, data) seen.out = data end,
    on_stderr = function(_, data) seen.err = data end,
    on_exit = function(_, code) seen.code = code end,
  })
  seen.waited = vim.fn.jobwait({ job })
  wait('the exit', function() return seen.code end)
  return seen
end)

work('in and out', function()
  local received, ended = 0, false
  local job = vim.fn.jobstart({ 'cat' }, {
    on_stdout = function(_, data)
      for i, part in ipairs(data) do received = received + #part + (i > 1 and 1 or 0) end
    end,
    on_exit = function() ended = true end,
  })
  for _ = 1, 20 do vim.fn.chansend(job, string.rep('x', 50000)) end
  vim.fn.chanclose(job, 'stdin')
  wait('the end', function() return ended and received >= 1000000 end)
  return received
end)

work('system', function()
  return { vim.fn.system({ 'tr', 'a-z', 'A-Z' }, 'shout'), vim.v.shell_error, vim.fn.systemlist('echo a; echo b; exit 2'), vim.v.shell_error }
end)

work('terminals', function()
  local said, code = '', nil
  local job = vim.fn.jobstart({ 'sh', '-c', 'test -t 0 && stty size; read line; echo got $line' }, {
    pty = true, width = 77, height = 22,
    on_stdout = function(_, data) said = said .. table.concat(data, '\n') end,
    on_exit = function(_, c) code = c end,
  })
  wait('the size', function() return said:find('22 77') end)
  vim.fn.jobresize(job, 100, 30)
  vim.fn.chansend(job, 'hello\n')
  wait('the exit', function() return code end)
  return { said:gsub('\r', ''):match('got hello'), code }
end)

work('terminal buffer', function()
  vim.cmd('enew')
  local code
  vim.fn.termopen({ 'sh', '-c', 'echo in a terminal; exit 5' }, { on_exit = function(_, c) code = c end })
  wait('the exit', function() return code end)
  wait('the text', function() return vim.fn.getline(1) == 'in a terminal' end)
  return { code, vim.fn.getline(1) }
end)

work('stopped', function()
  local codes = {}
  local jobs = {}
  for i = 1, 10 do
    jobs[i] = vim.fn.jobstart({ 'sleep', '100' }, { on_exit = function(_, code) codes[#codes + 1] = code end })
  end
  for _, job in ipairs(jobs) do vim.fn.jobstop(job) end
  wait('their ends', function() return #codes == 10 end)
  return codes
end)

work('many', function()
  local sum, count = 0, 0
  for i = 1, 60 do
    vim.fn.jobstart({ 'sh', '-c', 'exit ' .. i % 7 }, { on_exit = function(_, code) sum, count = sum + code, count + 1 end })
  end
  wait('all', function() return count == 60 end)
  return sum
end)

work('not there', function()
  local ok = pcall(vim.fn.jobstart, { '/not/there' })
  return { ok, vim.fn.jobwait({ 999 }) }
end)

work('places', function()
  local said
  local job = vim.fn.jobstart('pwd; echo $GREETING', {
    cwd = '/', env = { GREETING = 'hi' }, stdout_buffered = true, on_stdout = function(_, data) said = data end,
  })
  vim.fn.jobwait({ job })
  wait('the output', function() return said end)
  return said
end)

work('detached', function()
  local code
  local job = vim.fn.jobstart({ 'sh', '-c', 'exit 9' }, { detach = true, on_exit = function(_, c) code = c end })
  wait('the exit', function() return code end)
  return { job > 0, code }
end)

common.finish()
