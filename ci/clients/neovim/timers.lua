package.path = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/?.lua;' .. package.path
local common = require 'common'
local work, wait = common.work, common.wait

work('in order', function()
  local seen = {}
  for _, ms in ipairs { 60, 20, 40, 0 } do vim.defer_fn(function() seen[#seen + 1] = ms end, ms) end
  wait('four', function() return #seen == 4 end)
  return seen
end)

work('repeated', function()
  local count = 0
  local timer = vim.fn.timer_start(2, function() count = count + 1 end, { ['repeat'] = 5 })
  wait('five', function() return count == 5 end)
  vim.wait(20)
  return { count, vim.fn.timer_info(timer) }
end)

work('stopped', function()
  local fired = false
  local timer = vim.fn.timer_start(10, function() fired = true end)
  vim.fn.timer_stop(timer)
  vim.wait(30)
  return fired
end)

work('paused', function()
  local count = 0
  local timer = vim.fn.timer_start(1, function() count = count + 1 end, { ['repeat'] = -1 })
  wait('some', function() return count > 3 end)
  vim.fn.timer_pause(timer, true)
  local before = count
  vim.wait(20)
  local still = count == before
  vim.fn.timer_pause(timer, false)
  wait('more', function() return count > before end)
  vim.fn.timer_stop(timer)
  return still
end)

work('scheduled', function()
  local seen = {}
  for i = 1, 100 do vim.schedule(function() seen[#seen + 1] = i end) end
  wait('all', function() return #seen == 100 end)
  return { seen[1], seen[100] }
end)

work('asleep', function()
  local before = vim.loop.hrtime()
  vim.cmd('sleep 20m')
  return vim.loop.hrtime() - before >= 19e6
end)

work('patience', function()
  local met, why = vim.wait(20, function() return false end)
  return { met, why }
end)

work('threads', function()
  local sum = 0
  local ctx = vim.loop.new_work(function(n) return n * n end, function(square) sum = sum + square end)
  for i = 1, 50 do ctx:queue(i) end
  wait('the squares', function() return sum == 42925 end)
  return sum
end)

common.finish()
