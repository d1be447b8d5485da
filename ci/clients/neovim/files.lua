package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/?.lua;' .. package.path
local common = require 'common'
local work, wait = common.work, common.wait
local uv = vim.loop

work('written and read', function()
  local lines = {}
  for i = 1, 5000 do lines[i] = 'line ' .. i end
  vim.fn.writefile(lines, 'a')
  vim.fn.writefile({ 'more' }, 'a', 'as')
  return { #vim.fn.readfile('a'), vim.fn.getfsize('a'), vim.fn.getftype('a'), vim.fn.filereadable('nothing') }
end)

work('edited', function()
  vim.o.backup, vim.o.writebackup, vim.o.undofile = true, true, true
  vim.o.backupdir, vim.o.directory, vim.o.backupskip = '.', '.', ''
  vim.o.undodir = vim.fn.getcwd()
  vim.cmd('edit a')
  vim.fn.setline(1, 'changed')
  vim.cmd('write')
  local backup = vim.fn.readfile('a~')[1]
  vim.cmd('undo | write')
  local undone = vim.fn.readfile('a')[1]
  vim.cmd('bdelete | edit a | redo')
  local swap = vim.fn.swapname('%') ~= '' and uv.fs_stat(vim.fn.swapname('%')) ~= nil
  return { backup, undone, vim.fn.getline(1), swap, vim.fn.getfperm('a') }
end)

work('changed by somebody else', function()
  vim.o.autoread = true
  vim.cmd('bwipeout! | edit b | write')
  vim.fn.system('sleep 0.01; echo other > b; touch -d 2030-01-01 b')
  vim.cmd('checktime')
  return vim.fn.getline(1)
end)

work('names', function()
  vim.fn.mkdir('d/e', 'p')
  vim.fn.writefile({ 'x' }, 'd/x')
  vim.fn.rename('d/x', 'd/y')
  local listed = vim.fn.readdir('d')
  local globbed = vim.fn.glob('d/*', false, true)
  local resolved = vim.fn.resolve('d')
  vim.fn.delete('d', 'rf')
  return { listed, globbed, resolved, vim.fn.isdirectory('d') }
end)

work('watched', function()
  vim.fn.mkdir('w')
  local seen = {}
  local event = uv.new_fs_event()
  event:start('w', {}, function(err, name, events) seen[(events.rename and 'rename ' or 'change ') .. name] = true end)
  vim.fn.writefile({ 'x' }, 'w/f')
  wait('the file', function() return seen['rename f'] end)
  vim.fn.writefile({ 'y' }, 'w/f', 'a')
  wait('the change', function() return seen['change f'] end)
  vim.fn.delete('w/f')
  event:stop()
  event:close()
  return true
end)

work('polled', function()
  vim.fn.writefile({}, 'p')
  local poll, grown, n = uv.new_fs_poll(), nil, 0
  poll:start('p', 5, function(err, before, now) grown = now.size > 0 end)
  wait('growth', function()
    n = n + 1
    vim.fn.writefile({ string.rep('x', n) }, 'p')
    return grown
  end)
  poll:close()
  return grown
end)

work('asynchronous', function()
  local result
  uv.fs_open('a', 'r', 438, function(_, fd)
    uv.fs_fstat(fd, function(_, stat)
      uv.fs_read(fd, 4, 0, function(_, data)
        uv.fs_close(fd, function() result = { stat.size > 1000, data } end)
      end)
    end)
  end)
  wait('the data', function() return result end)
  return result
end)

work('refused', function()
  local ok = pcall(vim.cmd, 'write /not/there/at.all')
  return { ok, (pcall(vim.fn.writefile, { 'x' }, 'w')) }
end)

common.finish()
