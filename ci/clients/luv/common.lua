-- What the scripts of this folder share: works that print one line each.
local uv = require 'luv'

local common = {}

local function show(value)
  if type(value) ~= 'table' then
    return type(value) == 'string' and string.format('%q', value) or tostring(value)
  end
  local parts = {}
  for _, v in ipairs(value) do parts[#parts + 1] = show(v) end
  local keys = {}
  for k in pairs(value) do
    if type(k) == 'string' then keys[#keys + 1] = k end
  end
  table.sort(keys)
  for _, k in ipairs(keys) do parts[#parts + 1] = k .. '=' .. show(value[k]) end
  return '{' .. table.concat(parts, ', ') .. '}'
end

local good = true

--- Runs a work, then the loop until nothing is left; prints what the work's result has become by then.
function common.work(name, body)
  local result = {}
  local ok, message = xpcall(function()
    body(result)
    uv.run()
  end, debug.traceback)
  local left = {}
  uv.walk(function(handle)
    left[#left + 1] = uv.handle_get_type(handle)
    if not uv.is_closing(handle) then uv.close(handle) end
  end)
  uv.run()
  if not ok then
    good = false
    print(name, 'failed')
    io.stderr:write('error in ', name, ': ', tostring(message), '\n')
  else
    print(name, show(result), #left > 0 and 'left: ' .. table.concat(left, ' ') or '')
  end
end

--- Ends the program.
function common.finish()
  os.exit(good and 0 or 1, true)
end

--- A check that stops the work.
common.ok = assert

return common
