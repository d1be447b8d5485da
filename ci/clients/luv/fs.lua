local uv = require 'luv'
local common = require 'common'
local work, ok = common.work, common.ok

local function write(name, text)
  local fd = ok(uv.fs_open(name, 'w', 420))
  uv.fs_write(fd, text)
  uv.fs_close(fd)
end

work('sync', function(result)
  local fd = ok(uv.fs_open('a', 'w+', tonumber('640', 8)))
  result.write = uv.fs_write(fd, { 'one ', 'two ', 'three' })
  result.read = uv.fs_read(fd, 100, 4)
  result.at = uv.fs_write(fd, 'TWO', 4)
  uv.fs_ftruncate(fd, 7)
  uv.fs_fsync(fd)
  local stat = uv.fs_fstat(fd)
  result.stat = { stat.size, stat.type, stat.mode & 511, stat.nlink }
  uv.fs_futime(fd, 1000.5, 2000.25)
  local times = uv.fs_stat('a')
  result.times = { times.atime.sec, times.atime.nsec, times.mtime.sec, times.mtime.nsec }
  uv.fs_close(fd)
end)

work('async', function(result)
  uv.fs_open('b', 'w+', 420, function(_, fd)
    uv.fs_write(fd, 'asynchronous', -1, function(_, size)
      result.size = size
      uv.fs_read(fd, 5, 0, function(_, data)
        result.data = data
        uv.fs_fstat(fd, function(_, stat)
          result.stat = stat.size
          uv.fs_close(fd, function(err, good) result.closed = { err or 'nil', good } end)
        end)
      end)
    end)
  end)
end)

work('folders', function(result)
  uv.fs_mkdir('d', 493)
  for _, name in ipairs { 'x', 'y', 'z' } do write('d/' .. name, name) end
  uv.fs_mkdir('d/sub', 493)
  uv.fs_symlink('x', 'd/link')
  local found = {}
  local scan = uv.fs_scandir('d')
  while true do
    local name, kind = uv.fs_scandir_next(scan)
    if not name then break end
    found[#found + 1] = name .. ' ' .. kind
  end
  result.scanned = found
  local folder, listed = uv.fs_opendir('d', nil, 2), {}
  while true do
    local some = folder:readdir()
    if not some then break end
    for _, entry in ipairs(some) do listed[#listed + 1] = entry.name .. ' ' .. entry.type end
  end
  folder:closedir()
  table.sort(listed)
  result.listed = listed
  result.full = select(3, uv.fs_rmdir('d'))
  result.temporary = #uv.fs_mkdtemp('tmpXXXXXX')
  local fd, path = uv.fs_mkstemp('fileXXXXXX')
  uv.fs_close(fd)
  result.file = #path
end)

work('names', function(result)
  write('n', 'name')
  ok(uv.fs_rename('n', 'm'))
  ok(uv.fs_link('m', 'hard'))
  ok(uv.fs_symlink('m', 'soft'))
  result.link = uv.fs_readlink('soft')
  result.real = uv.fs_realpath('soft') == uv.cwd() .. '/m'
  result.lstat = uv.fs_lstat('soft').type
  ok(uv.fs_copyfile('m', 'copy'))
  result.excl = select(3, uv.fs_copyfile('m', 'copy', { excl = true }))
  result.access = { uv.fs_access('m', 'R'), select(3, uv.fs_access('nothing', 'R')) }
  ok(uv.fs_chmod('m', 384))
  result.mode = uv.fs_stat('m').mode & 511
  ok(uv.fs_utime('m', 5, 6))
  ok(uv.fs_lutime('soft', 7, 8))
  result.mtimes = { uv.fs_stat('m').mtime.sec, uv.fs_lstat('soft').mtime.sec }
  ok(uv.fs_unlink('hard'))
  result.gone = uv.fs_stat('hard') == nil
  local from, to = uv.fs_open('m', 'r', 0), uv.fs_open('sent', 'w', 420)
  result.sent = uv.fs_sendfile(to, from, 0, 100)
  uv.fs_close(from)
  uv.fs_close(to)
  result.statfs = uv.fs_statfs('.').bsize > 0
end)

work('errors', function(result)
  for _, call in ipairs {
    { 'fs_open', 'nothing', 'r', 0 }, { 'fs_open', 'a', 'wx', 0 }, { 'fs_unlink', 'nothing' }, { 'fs_mkdir', 'a', 493 },
    { 'fs_rmdir', 'a' }, { 'fs_scandir', 'nothing' }, { 'fs_readlink', 'a' }, { 'fs_stat', 'a/b' }, { 'fs_close', 9999 },
    { 'fs_realpath', 'nothing' }, { 'fs_opendir', 'a' },
  } do
    result[#result + 1] = select(3, uv[call[1]](table.unpack(call, 2)))
  end
  uv.fs_stat('nothing', function(err) result.async = err end)
end)

work('many at once', function(result)
  local count, bytes = 0, 0
  for i = 1, 300 do
    uv.fs_stat('a', function(_, stat)
      count, bytes = count + 1, bytes + stat.size
      result.count, result.bytes = count, bytes
    end)
  end
end)

work('watching', function(result)
  local event, seen = uv.new_fs_event(), {}
  event:start('d', {}, function(err, name, events)
    ok(not err, err)
    local what = (events.rename and 'rename ' or 'change ') .. name
    if seen[#seen] ~= what then seen[#seen + 1] = what end
    if what == 'rename last' then event:close() end
  end)
  result.path = event:getpath()
  local fd = uv.fs_open('d/new', 'w', 420)
  uv.fs_write(fd, 'x')
  uv.fs_close(fd)
  uv.fs_rename('d/new', 'd/last')
  result.seen = seen
  local missing = uv.new_fs_event()
  result.missing = select(3, missing:start('nothing', {}, function() end))
  missing:close()
end)

work('polling', function(result)
  local poll, timer = uv.new_fs_poll(), uv.new_timer()
  write('polled', '')
  local size = 0
  timer:start(15, 15, function()
    size = size + 1
    write('polled', string.rep('x', size))
  end)
  poll:start('polled', 5, function(err, before, now)
    result.grown = err or now.size > 0 or before.size > 0
    poll:close()
    timer:close()
  end)
  result.path = poll:getpath()
end)

common.finish()
