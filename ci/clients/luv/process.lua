local uv = require 'luv'
local common = require 'common'
local work, ok = common.work, common.ok

local function read_all(pipe, result, key)
  result[key] = ''
  pipe:read_start(function(err, data)
    ok(not err, err)
    if data then result[key] = result[key] .. data else pipe:close() end
  end)
end

work('output and status', function(result)
  local out, err = uv.new_pipe(false), uv.new_pipe(false)
  local process
  process = uv.spawn('sh', { args = { '-c', 'echo out; echo err >&2; exit 5' }, stdio = { nil, out, err } }, function(code, signal)
    result.code, result.signal = code, signal
    process:close()
  end)
  read_all(out, result, 'out')
  read_all(err, result, 'err')
  result.pid = process:get_pid() > 0
end)

work('in and out', function(result)
  local input, out, total = uv.new_pipe(false), uv.new_pipe(false), 0
  local process
  process = uv.spawn('cat', { stdio = { input, out, 2 } }, function(code)
    result.code = code
    process:close()
  end)
  out:read_start(function(_, data)
    if data then
      total = total + #data
      result.total = total
    else
      out:close()
    end
  end)
  input:write(string.rep('c', 2000000))
  input:shutdown(function() input:close() end)
end)

work('signals', function(result)
  local process
  process = uv.spawn('sleep', { args = { '60' } }, function(code, signal)
    result.code, result.signal = code, signal
    result.kill = select(3, process:kill(0))
    process:close()
  end)
  result.sent = process:kill('sigterm')
  local other
  other = uv.spawn('sleep', { args = { '60' } }, function(_, signal)
    result.other = signal
    other:close()
  end)
  uv.kill(other:get_pid(), 9)
end)

work('places', function(result)
  local out, process = uv.new_pipe(false), nil
  local environment = { 'GREETING=hi' }
  process = uv.spawn('/bin/sh', { args = { '-c', 'pwd; echo $GREETING' }, cwd = '/', env = environment, stdio = { nil, out } }, function()
    process:close()
  end)
  read_all(out, result, 'out')
end)

work('not there', function(result)
  result.missing = select(3, uv.spawn('/not/there', {}, function() end))
  result.no_program = select(3, uv.spawn('/etc/passwd', {}, function() end))
  result.no_folder = select(3, uv.spawn('true', { cwd = '/not/there' }, function() end))
end)

work('detached', function(result)
  local process, out = nil, uv.new_pipe(false)
  process = uv.spawn('sh', { args = { '-c', 'echo $(($(cut -d" " -f6 /proc/$$/stat) == $$))' }, detached = true, stdio = { nil, out } }, function(code)
    result.code = code
    process:close()
  end)
  read_all(out, result, 'leads')
end)

work('many', function(result)
  local codes = { 0, 0, 0 }
  for i = 0, 59 do
    local process
    process = uv.spawn('sh', { args = { '-c', 'exit ' .. i % 3 } }, function(code)
      codes[code + 1] = codes[code + 1] + 1
      process:close()
    end)
  end
  result.codes = codes
end)

work('inherited descriptors', function(result)
  local out, process = uv.new_pipe(false), nil
  local fds = uv.pipe({ nonblock = true }, {})
  process = uv.spawn('sh', { args = { '-c', 'echo into it >&3; ls -l /proc/self/fd | grep -c -e eventpoll -e eventfd' }, stdio = { nil, out, 2, fds.write } }, function()
    process:close()
  end)
  uv.fs_close(fds.write)
  read_all(out, result, 'leaked')
  local reader = uv.new_pipe(false)
  reader:open(fds.read)
  read_all(reader, result, 'third')
end)

common.finish()
