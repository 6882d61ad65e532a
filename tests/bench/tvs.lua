-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- TVS in Lua, as a careful person would write it, to compare the C plugin with: the same fields, the same Info column,
-- the same reassembly, and requests matched with their answers. Only for tests/bench. What Lua cannot do in Wireshark 4.0
-- is left out, which is in its favour: the SHA-1 in the text of a verification, what stands in certificates, findings.

local tvs = Proto("tvs", "Trust Verification Service")

local PORT, HEADER, DISCRIMINATOR, VERSION = 2445, 10, 0x57, 1
local VERIFY_REQUEST, VERIFY_RESPONSE, QUERY_REQUEST, QUERY_RESPONSE = 1, 2, 3, 4
local types = {[1] = "TVS_MSG_CERT_VERIFICATION_REQ", [2] = "TVS_MSG_CERT_VERIFICATION_RES",
               [3] = "TVS_MSG_QUERY_CERT_REQ", [4] = "TVS_MSG_QUERY_CERT_RES"}
local tags = {[1] = "Device name", [2] = "Certificate", [3] = "Subject name", [4] = "Issuer name or serial number",
              [5] = "Issuer name or serial number", [6] = "Issuer name or serial number", [7] = "Status", [8] = "Roles",
              [9] = "Time to live"}
local statuses = {[0] = "Found", [1] = "Not found"}
local roles = {[0] = "SAST", [1] = "CCM", [2] = "CCM+TFTP", [3] = "TFTP", [4] = "CAPF", [7] = "APP-SERVER", [21] = "TVS"}

local f = {
    version = ProtoField.uint8("tvs.version", "Version"),
    type = ProtoField.uint8("tvs.type", "Type", base.DEC, types),
    reserved = ProtoField.uint8("tvs.reserved", "Reserved", base.HEX),
    session = ProtoField.uint32("tvs.session", "Session"),
    length = ProtoField.uint16("tvs.length", "Length"),
    element_tag = ProtoField.uint8("tvs.element.tag", "Tag", base.DEC, tags),
    element_length = ProtoField.uint16("tvs.element.length", "Length"),
    element_value = ProtoField.bytes("tvs.element.value", "Value"),
    device = ProtoField.string("tvs.device", "Device"),
    model = ProtoField.string("tvs.device.model", "Model"),
    mac = ProtoField.ether("tvs.device.mac", "MAC address"),
    subject = ProtoField.string("tvs.subject", "Subject"),
    issuer = ProtoField.string("tvs.issuer", "Issuer"),
    serial = ProtoField.string("tvs.serial", "Serial number"),
    status = ProtoField.uint8("tvs.status", "Status", base.DEC, statuses),
    role = ProtoField.uint8("tvs.role", "Role", base.DEC, roles),
    ttl = ProtoField.uint32("tvs.ttl", "Time to live"),
    certificate = ProtoField.none("tvs.certificate", "Certificate"),
    response_in = ProtoField.framenum("tvs.response_in", "Response in", base.NONE, frametype.RESPONSE),
    response_to = ProtoField.framenum("tvs.response_to", "Response to", base.NONE, frametype.REQUEST),
    time = ProtoField.relative_time("tvs.time", "Response time"),
}
for _, field in pairs(f) do
    table.insert(tvs.fields, field)
end

-- Requests by connection and session; exchanges by frame and session. Forgotten with each file.
local open, by_frame

function tvs.init()
    open, by_frame = {}, {}
end

local function exchange_of(pinfo, kind, session)
    local here = pinfo.number .. ":" .. session
    if by_frame[here] or pinfo.visited then
        return by_frame[here]
    end
    local exchange
    if kind == VERIFY_REQUEST or kind == QUERY_REQUEST then
        exchange = {request = pinfo.number, sent = pinfo.abs_ts}
        open[tostring(pinfo.src) .. pinfo.src_port .. tostring(pinfo.dst) .. pinfo.dst_port .. session] = exchange
    else
        local key = tostring(pinfo.dst) .. pinfo.dst_port .. tostring(pinfo.src) .. pinfo.src_port .. session
        exchange = open[key]
        if exchange then
            exchange.response, exchange.answered = pinfo.number, pinfo.abs_ts
            open[key] = nil
        end
    end
    by_frame[here] = exchange
    return exchange
end

-- A text with its final NUL left out, as a range and as a string.
local function text(range)
    local length = range:len()
    if length > 0 and range(length - 1, 1):uint() == 0 then
        length = length - 1
    end
    if length == 0 then
        return nil, ""
    end
    range = range(0, length)
    return range, range:string()
end

local function add_device(tree, range, found)
    if range:len() < 2 then
        return
    end
    local name = range(1)
    found.device = name:string()
    tree:add(f.device, name)
    local model, mac = found.device:match("^CP%-([^-]+)%-SEP(%x%x%x%x%x%x%x%x%x%x%x%x)$")
    if model then
        found.device = "SEP" .. mac
        tree:add(f.model, name(3, #model))
        tree:add(f.mac, name(name:len() - 12, 12), Address.ether(mac:gsub("(%x%x)", "%1:", 5)))
    end
end

local function add_name_or_serial(tree, range, found)
    local name, value = text(range)
    if name and name:len() < range:len() and value:find("=", 1, true) then
        found.issuer = value
        tree:add(f.issuer, name)
    else
        found.serial = range:bytes():tohex():gsub("^00", "")
        tree:add(f.serial, range, found.serial)
    end
end

local function add_value(tree, tag, range, found)
    if tag == 1 then
        add_device(tree, range, found)
    elseif tag == 2 then
        tree:add(f.certificate, range)
    elseif tag == 3 then
        local name, value = text(range)
        found.subject = value
        if name then
            tree:add(f.subject, name)
        end
    elseif tag >= 4 and tag <= 6 then
        add_name_or_serial(tree, range, found)
    elseif tag == 7 and range:len() == 1 then
        found.status = range:uint()
        tree:add(f.status, range)
    elseif tag == 8 then
        local names = {}
        for at = 0, range:len() - 1 do
            local role = range(at, 1)
            names[#names + 1] = roles[role:uint()] or "role " .. role:uint()
            tree:add(f.role, role)
        end
        found.roles = table.concat(names, "+")
    elseif tag == 9 and range:len() == 4 then
        found.ttl = range:uint()
        tree:add(f.ttl, range)
    else
        tree:add(f.element_value, range)
    end
end

local function add_elements(tree, tvb, found)
    local at, size = HEADER, tvb:len()
    while at + 3 <= size do
        local tag, length = tvb(at, 1):uint(), tvb(at + 1, 2):uint()
        if at + 3 + length > size then
            return
        end
        local inside = tree:add(tvb(at, 3 + length), tags[tag] or "Unknown element")
        inside:add(f.element_tag, tvb(at, 1))
        inside:add(f.element_length, tvb(at + 1, 2))
        if length > 0 then
            add_value(inside, tag, tvb(at + 3, length), found)
        end
        at = at + 3 + length
    end
end

local function outcome(query, found)
    if not found.status then
        return "no status"
    end
    if found.status ~= 0 then
        return string.format("%s (status %u)", query and "NOT FOUND" or "NOT VOUCHED FOR", found.status)
    end
    local words = (query and "found, " or "vouched for, ") .. (found.roles or "no role")
    return found.ttl and string.format("%s, TTL %u s", words, found.ttl) or words
end

local function info(kind, found, exchange)
    if kind == QUERY_REQUEST then
        local name = found.subject or found.issuer or ""
        return string.format("Query request: does TVS know %s serial %s? (%s)", name:match("^[^;]*"), found.serial or "",
                             found.device or "unnamed device")
    elseif kind == VERIFY_REQUEST then
        return string.format("Verify request: does TVS vouch for the certificate? (%s)", found.device or "unnamed device")
    end
    local query = kind == QUERY_RESPONSE
    local words = (query and "Query response: " or "Verify response: ") .. outcome(query, found)
    return exchange and string.format("%s, %.1f ms", words, (exchange.answered - exchange.sent) * 1000) or words
end

local function add_exchange(tree, kind, exchange)
    if not exchange or not exchange.response then
        return
    end
    if kind == VERIFY_REQUEST or kind == QUERY_REQUEST then
        tree:add(f.response_in, exchange.response):set_generated()
    else
        tree:add(f.response_to, exchange.request):set_generated()
        local took = exchange.answered - exchange.sent
        local seconds = math.floor(took)
        tree:add(f.time, NSTime.new(seconds, math.floor((took - seconds) * 1e9))):set_generated()
    end
end

local function dissect_message(tvb, pinfo, root)
    local kind, session = tvb(2, 1):uint(), tvb(4, 4):uint()
    local tree = root:add(tvs, tvb())
    local found = {}
    tree:add(f.version, tvb(1, 1))
    tree:add(f.type, tvb(2, 1))
    tree:add(f.reserved, tvb(3, 1))
    tree:add(f.session, tvb(4, 4))
    tree:add(f.length, tvb(8, 2))
    add_elements(tree, tvb, found)
    local exchange = types[kind] and exchange_of(pinfo, kind, session)
    add_exchange(tree, kind, exchange)
    local words = types[kind] and info(kind, found, exchange) or "Not a TVS message of a known type"
    pinfo.cols.info:append(words)
    pinfo.cols.info:fence()
    return tvb:len()
end

local function message_length(tvb, _, offset)
    return HEADER + tvb(offset + 8, 2):uint()
end

function tvs.dissector(tvb, pinfo, root)
    if tvb:len() < 1 or tvb(0, 1):uint() ~= DISCRIMINATOR then
        return 0
    end
    pinfo.cols.protocol = "TVS"
    pinfo.cols.info:clear()
    dissect_tcp_pdus(tvb, root, HEADER, message_length, dissect_message)
    return tvb:len()
end

DissectorTable.get("tls.port"):add(PORT, tvs)
DissectorTable.get("tcp.port"):add_for_decode_as(tvs)
