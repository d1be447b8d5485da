-- What the scripts of this folder share. A script runs its works and ends Neovim.
local common = {}
local good = true

--- Runs a work and prints its name and what it returns.
function common.work(name, body)
  local ok, result = xpcall(body, debug.traceback)
  if ok then
    io.stdout:write(name, ' ', (vim.inspect(result, { newline = ' ', indent = '' })), '\n')
  else
    good = false
    io.stdout:write(name, ' failed\n')
    io.stderr:write('error in ', name, ': ', tostring(result), '\n')
  end
  io.stdout:flush()
end

--- Lets the loop run until the condition holds.
function common.wait(what, condition)
  if not vim.wait(20000, condition, 5) then error('waited in vain for ' .. what) end
end

function common.finish()
  vim.cmd(good and 'qall!' or 'cquit!')
end

return common
