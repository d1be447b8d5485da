local uv = require 'luv'
local common = require 'common'
local work = common.work

local function first_line(path)
  local file = io.open(path)
  local line = file and file:read('l')
  if file then file:close() end
  return line
end

work('machine', function(result)
  local name = uv.os_uname()
  result.name = { name.sysname, name.release == first_line('/proc/sys/kernel/osrelease'), name.machine }
  result.host = uv.os_gethostname() == first_line('/proc/sys/kernel/hostname')
  result.memory = { uv.get_total_memory() > uv.get_free_memory(), uv.get_constrained_memory() >= 0 }
  result.load = select('#', uv.loadavg())
  result.uptime = uv.uptime() > 0
  local cpus = uv.cpu_info()
  result.cpus = { #cpus > 0, #cpus[1].model > 0, cpus[1].times.user >= 0 }
  for device, addresses in pairs(uv.interface_addresses()) do
    for _, a in ipairs(addresses) do
      if a.ip == '127.0.0.1' then result.loopback = { device, a.family, a.netmask, a.internal } end
    end
  end
end)

work('process', function(result)
  result.pid = uv.os_getpid() == tonumber(first_line('/proc/self/stat'):match('%d+'))
  result.ppid = uv.os_getppid() > 0
  result.cwd = uv.cwd() == os.getenv('PWD') or #uv.cwd() > 0
  uv.chdir('/')
  result.root = uv.cwd()
  result.missing = select(3, uv.chdir('/not/there'))
  uv.set_process_title('luv on test')
  result.title = uv.get_process_title()
  local usage = uv.getrusage()
  result.usage = { usage.maxrss > 0, usage.utime.sec >= 0 }
  result.rss = uv.resident_set_memory() > 100000
  result.exe = uv.exepath():match('lua5.4$')
  result.priority = { uv.os_setpriority(0, 5), uv.os_getpriority(0) }
end)

work('environment', function(result)
  uv.os_setenv('UVSPEC_X', 'y')
  result.set = { uv.os_getenv('UVSPEC_X'), os.getenv('UVSPEC_X') }
  uv.os_unsetenv('UVSPEC_X')
  result.unset = uv.os_getenv('UVSPEC_X') == nil
  result.all = uv.os_environ().HOME == os.getenv('HOME')
  result.home = uv.os_homedir() == os.getenv('HOME')
  result.tmp = uv.os_tmpdir() == os.getenv('TMPDIR')
  local user = uv.os_get_passwd()
  result.user = { #user.username > 0, user.uid >= 0, #user.homedir > 0 }
end)

work('times', function(result)
  local before = uv.hrtime()
  result.monotonic = uv.hrtime() >= before
  local seconds = uv.gettimeofday()
  result.day = math.abs(seconds - os.time()) <= 2
  uv.sleep(3)
  result.slept = uv.hrtime() - before >= 3e6
end)

work('kinds of descriptors', function(result)
  result.file = uv.guess_handle(uv.fs_open('/dev/null', 'r', 0))
  local fds = uv.socketpair()
  result.pair = uv.guess_handle(fds[1])
  local pipes = uv.pipe()
  result.pipe = uv.guess_handle(pipes.read)
  result.bad = uv.guess_handle(9999)
end)

work('metrics', function(result)
  result.option = { uv.loop_configure('metrics_idle_time') }
  local timer = uv.new_timer()
  timer:start(5, 0, function()
    result.idle = uv.metrics_idle_time() > 0
    timer:close()
  end)
end)

common.finish()
