// Generated from schemas/scenario.schema.json by infra/schema-types.js: change the schema instead.

/**
 * Letters, digits, hyphens and underscores: it becomes part of file names.
 */
export type PartName = string
/**
 * @minItems 1
 */
export type FileList = (string | string[])
export type Flag = boolean
/**
 * How ssh reaches a machine.
 */
export type Ssh = (string | {
/**
 * Its name, its address, or an alias of ssh_config(5).
 */
host?: string
port?: Port
/**
 * Who to log in as: whoever runs runner when ssh_config(5) does not say either.
 */
user?: string
identity?: OneOrMore
knownHosts?: OneOrMore
jump?: OneOrMore
})
export type Port = number
/**
 * @minItems 1
 */
export type OneOrMore = (string | string[])
/**
 * A length of time with its unit: us, ms, s, m, h.
 */
export type Duration = string
/**
 * How other machines reach a machine.
 */
export type Underlay = (string | {
/**
 * Its address, of either family.
 */
address?: string
wireguard?: Wireguard
})
/**
 * true, or a map with the UDP port.
 */
export type Wireguard = (boolean | {
port?: Port
})
/**
 * Where machines come from: a file, or a program that prints what such a file says.
 */
export type Inventory = (string | {
when?: Flag
/**
 * The file, relative to this one.
 */
file?: string
command?: Argv
})
/**
 * @minItems 1
 */
export type Argv = string[]
/**
 * An interface name of at most 15 characters.
 */
export type InterfaceName = string
/**
 * A MAC address.
 */
export type MacAddress = string
export type Mtu = number
/**
 * A folder that an image is built from, or a map.
 */
export type Build = (string | {
context: MachinePath
dockerfile?: Dockerfile
/**
 * Values of the Dockerfile's ARG lines. They stay visible in the image: no place for secrets.
 */
args?: {
[k: string]: string | number | boolean
}
target?: StageName
/**
 * The network of RUN lines.
 */
network?: ("default" | "host" | "none")
})
/**
 * A file or folder of the machine.
 */
export type MachinePath = string
/**
 * A Dockerfile.
 */
export type Dockerfile = string
/**
 * A stage of a Dockerfile.
 */
export type StageName = string
/**
 * The value of a variable: text, a number, true or false, or a secret that is read when the lab is built and never written anywhere.
 */
export type EnvironmentValue = (string | number | boolean | {
secret: Secret
})
/**
 * The name of an environment variable of the machine.
 */
export type VariableName = string
/**
 * "from:to" or "from:to:ro", or a map. A "from" that begins with "/", "." or "~" is a file or folder of the machine; otherwise it is the name of a volume.
 */
export type Mount = (string | {
bind?: MachinePath
/**
 * A volume of the lab: containers that name the same one share it, and it is gone with the lab.
 */
volume?: string
tmpfs?: TmpfsSize
/**
 * Where the container sees it: an absolute path.
 */
to: string
readOnly?: Flag
})
export type TmpfsSize = (string | boolean)
/**
 * A user, and perhaps a group.
 */
export type UserName = string
/**
 * An absolute path.
 */
export type ContainerPath = string
/**
 * A DNS name.
 */
export type HostName = string
/**
 * A device.
 */
export type Device = string
/**
 * Both limits, or a map of the two; -1 is no limit.
 */
export type Ulimit = (number | {
/**
 * The limit that holds.
 */
soft: number
/**
 * What the program itself may raise it to.
 */
hard: number
})
/**
 * A size with its unit: B, kB, MB, GB, KiB, MiB, GiB.
 */
export type Size = string
/**
 * A program that succeeds once the container does what it is there for. It is run again and again until then, and no more afterwards.
 */
export type Healthcheck = (boolean | {
test: Argv
interval?: Duration
timeout?: Duration
retries?: Count
startPeriod?: Duration
})
export type Count = number
/**
 * A share in per cent.
 */
export type Percentage = string
/**
 * A rate with its unit: bit, kbit, mbit, gbit (per second), or Bps, kBps, MBps (bytes per second).
 */
export type Rate = string
/**
 * A host name label: lower-case letters, digits and hyphens (RFC 1123).
 */
export type NodeName = string
export type DurationPerMember = (string | {
[k: string]: Duration
})
export type PercentagePerMember = (string | {
[k: string]: Percentage
})
export type RatePerMember = (string | {
[k: string]: Rate
})
export type SizePerMember = (string | {
[k: string]: Size
})
export type Table = number
/**
 * Lower-case letters, digits and hyphens.
 */
export type NetworkName = string
/**
 * A host or container, or several.
 * 
 * @minItems 1
 */
export type NodeList = (string | NodeName[])
/**
 * What a censor puts together before it reads: false for nothing, true for everything, or a map.
 */
export type Reassembly = (boolean | {
tcp?: Flag
"tls-record"?: Flag
"ip-fragment"?: Flag
"quic-crypto"?: Flag
/**
 * Whose bytes count where segments or fragments overlap.
 */
overlap?: ("first" | "last")
buffer?: Size
/**
 * Fragments of one datagram that may wait; more are dropped. 64 when not given.
 */
fragments?: number
})
/**
 * Segments that the receiver would not take are ignored by a censor that checks: false for no checks, true for all but "ttl", or a map.
 */
export type Checks = (boolean | {
checksum?: Flag
/**
 * Hops from the censor to the server: packets of the client whose TTL does not reach are ignored. 0 does not check.
 */
ttl?: number
md5?: Flag
ack?: Flag
window?: Flag
timestamp?: Flag
inOrder?: Flag
})
/**
 * Addresses and prefixes (CIDR), of which any may hold: a text, a list, or a file.
 * 
 * @minItems 1
 */
export type PrefixMatch = (string | ListItem[] | {
file: MachinePath
})
/**
 * A value, or a file of them.
 */
export type ListItem = (string | {
file: MachinePath
})
/**
 * A number, a range ("5-10"), a bound (">=5"), alternatives separated by "|", or a list of them.
 * 
 * @minItems 1
 */
export type NumberMatch = (number | string | (number | string)[])
/**
 * @minItems 1
 */
export type FlagsMatch = (string | string[])
/**
 * Values, of which any may hold: a text, alternatives separated by "|", a list, or a file.
 * 
 * @minItems 1
 */
export type NameMatch = (string | ListItem[] | {
file: MachinePath
})
/**
 * A regular expression (ECMAScript), or a map with its flags.
 */
export type RegexMatch = (string | {
/**
 * The expression.
 */
regex: string
/**
 * Letters of i (upper and lower case are one), m (^ and $ at each line) and s (the dot is any character).
 */
flags?: string
})
/**
 * @minItems 1
 */
export type WordMatch = (string | string[])
/**
 * Bytes in hexadecimal, a map, or a list of which any may hold.
 * 
 * @minItems 1
 */
export type BytesMatch = (string | BytesPattern[] | {
/**
 * Hexadecimal digits; spaces and colons between bytes do not count.
 */
hex?: string
/**
 * Text, in UTF-8.
 */
text?: string
/**
 * Where it must lie, counted from the start of the payload: anywhere when not given.
 */
at?: number
})
/**
 * Bytes in hexadecimal, or a map with one of "hex" and "text".
 */
export type BytesPattern = (string | {
/**
 * Hexadecimal digits; spaces and colons between bytes do not count.
 */
hex?: string
/**
 * Text, in UTF-8.
 */
text?: string
/**
 * Where it must lie, counted from the start of the payload: anywhere when not given.
 */
at?: number
})
/**
 * A share of all combinations of addresses and ports, the same always, or a map that says of which.
 */
export type ShareMatch = (string | {
/**
 * What is hashed: all four when not given.
 * 
 * @minItems 1
 */
of?: ("client" | "server" | "clientPort" | "serverPort")[]
share: Percentage
})
/**
 * A number field of match, or the first bytes of the payload as numbers.
 */
export type ModelFeature = (string | {
/**
 * How many bytes: each is a number from 0 to 255, or 0 where the payload is shorter.
 */
bytes: number
})
/**
 * How far into a direction of a flow: packets with payload, or a map.
 */
export type First = (number | {
/**
 * Packets with payload.
 */
packets?: number
bytes?: Size
})
/**
 * A length of time, or two with a hyphen of which something between is drawn.
 */
export type DurationSpan = string
/**
 * What a censor does to a packet or flow: a word for the defaults, or a map of one.
 */
export type Action = (string | {
/**
 * Lets the packet pass; later rules are not asked.
 */
allow?: {

}
/**
 * Drops the packet, or the flow from there on. In-path only.
 */
drop?: {
/**
 * Which way: forward is from the side that started the flow.
 */
direction?: ("both" | "forward" | "reverse")
/**
 * Only the packet that matches, or the flow from there on.
 */
scope?: ("packet" | "flow")
after?: DropAfter
}
freeze?: Freeze
reset?: Reset
rewrite?: Rewrite
/**
 * Forges an answer in the name of the server.
 */
inject?: {
dns?: InjectDns
http?: InjectHttp
}
redirect?: Redirect
throttle?: Throttle
delay?: DelayAction
lose?: Lose
tamper?: Tamper
mitm?: Mitm
residual?: Residual
})
/**
 * What of the flow still passes: packets, or a map with one of packets and bytes.
 */
export type DropAfter = (number | string | {
packets?: CountSpan
bytes?: SizeSpan
})
/**
 * A number, or two with a hyphen of which something between is drawn.
 */
export type CountSpan = (number | string)
/**
 * A size, or two with a hyphen of which something between is drawn.
 */
export type SizeSpan = string
/**
 * A number of a forged packet: itself, "mirror" for that of the packet that triggered it, a list of which each packet takes the next, or a map.
 * 
 * @minItems 1
 */
export type NumberSource = (number | string | (number | string)[] | {
/**
 * Drawn by the seed for each packet, both ends included.
 */
random?: string
/**
 * One higher for each packet of the rule, from this number on.
 */
counter?: number
})
export type Status = number
/**
 * What the server gets so that it stops: false for nothing, or a reset with its options.
 */
export type Teardown = (boolean | {
/**
 * How many each side gets: as many as there are offsets, or 1, when not given.
 */
count?: number
/**
 * The flags of the segments, RST among them: RST when not given.
 */
flags?: string
/**
 * Added to the sequence number that the receiver expects, in turn for each segment: [0] when not given.
 * 
 * @minItems 1
 */
offsets?: number[]
ttl?: NumberSource
window?: NumberSource
"ip-id"?: NumberSource
/**
 * Bytes that the segments carry, in hexadecimal: none when not given.
 */
payload?: string
delay?: Duration
gap?: Duration
repeat?: Flag
})
/**
 * Text, or a map with bytes.
 */
export type BytesValue = (string | {
/**
 * Hexadecimal digits; spaces and colons between bytes do not count.
 */
hex?: string
/**
 * Text, in UTF-8.
 */
text?: string
})
/**
 * What residual blocking does: a word for the defaults, or a map of one.
 */
export type ResidualAction = (string | {
/**
 * Lets the packet pass; later rules are not asked.
 */
allow?: {

}
/**
 * Drops the packet, or the flow from there on. In-path only.
 */
drop?: {
/**
 * Which way: forward is from the side that started the flow.
 */
direction?: ("both" | "forward" | "reverse")
/**
 * Only the packet that matches, or the flow from there on.
 */
scope?: ("packet" | "flow")
after?: DropAfter
}
freeze?: Freeze
reset?: Reset
rewrite?: Rewrite
/**
 * Forges an answer in the name of the server.
 */
inject?: {
dns?: InjectDns
http?: InjectHttp
}
redirect?: Redirect
throttle?: Throttle
delay?: DelayAction
lose?: Lose
tamper?: Tamper
mitm?: Mitm
})
/**
 * A program that judges packets: a TypeScript, JavaScript or Python file, any other executable, or a map.
 */
export type Program = (string | {
run?: Argv
file?: MachinePath
files?: OneOrMore
match?: Match
/**
 * What its verdicts may name, beside pass, drop and reset.
 */
actions?: {
/**
 * What is done.
 * 
 * @minItems 1
 */
[k: string]: Action[]
}
/**
 * Handed to it when it starts.
 */
params?: {
[k: string]: string | number | boolean
}
timeout?: Duration
/**
 * How many packets may wait for a verdict at once: 1024 when not given.
 */
window?: number
})
/**
 * One, several, or every so manieth.
 * 
 * @minItems 1
 */
export type RelayNth = (number | number[] | {
every: Count
from?: Count
})
/**
 * What a field must be: a word, number, address or text, in which a "*" stands for any characters; a range ("1..5", ">=5"), a prefix; alternatives separated by "|", or a list; with a "!" before it, none of these. true: that it is there. Or a map.
 * 
 * @minItems 1
 */
export type RelayFieldMatch = (string | number | boolean | (string | number)[] | {
/**
 * Bytes that are found anywhere in it, in hexadecimal.
 */
hex?: string
/**
 * Text that is found anywhere in it.
 */
text?: string
/**
 * A regular expression that fits somewhere in it.
 */
regex?: string
/**
 * Bits of a number that are all set.
 */
bits?: number
})
/**
 * One thing that is done to a message, or to its session.
 */
export type RelayOperation = (string | {
/**
 * Sets a field.
 */
set?: {
/**
 * The path of the field.
 */
field: string
value: RelayValue
}
/**
 * Adds to a number, modulo its width.
 */
add?: {
/**
 * The path of the field.
 */
field: string
value: RelayValue
}
/**
 * Flips the bits of a number that are set in another.
 */
xor?: {
/**
 * The path of the field.
 */
field: string
value: RelayValue
}
/**
 * Sets flags.
 */
or?: {
/**
 * The path of the field.
 */
field: string
value: RelayValue
}
/**
 * Keeps flags.
 */
and?: {
/**
 * The path of the field.
 */
field: string
value: RelayValue
}
/**
 * Flips flags.
 */
toggle?: {
/**
 * The path of the field.
 */
field: string
value: RelayValue
}
/**
 * Draws a value from the seed.
 */
random?: {
/**
 * The path of the field.
 */
field: string
low?: RelayValue
high?: RelayValue
/**
 * The prefix that an address lies in.
 */
prefix?: string
}
/**
 * Flips bits, drawn from the seed.
 */
bitflip?: {
/**
 * The path of the field.
 */
field: string
bits?: Count
}
/**
 * Sets a number to an end of its range.
 */
boundary?: {
/**
 * The path of the field.
 */
field: string
/**
 * Which: one of them, by the seed, when not given.
 */
value?: ("zero" | "max" | "max-1")
}
/**
 * Sets another value than it has.
 */
swap?: {
/**
 * The path of the field.
 */
field: string
/**
 * Another word of its enum, or a number that has no word.
 */
to?: ("legal" | "illegal")
}
/**
 * Keeps the first bits of an address, or those of a mask, and clears the others.
 */
mask?: {
/**
 * The path of the field.
 */
field: string
/**
 * A prefix length or a mask.
 */
bits: (number | string)
}
/**
 * Keeps the first bytes of a field.
 */
truncate?: {
/**
 * The path of the field.
 */
field: string
/**
 * How many.
 */
bytes: number
}
/**
 * Inserts bytes into a field.
 */
insert?: {
/**
 * The path of the field.
 */
field: string
/**
 * Before which byte: 0 when not given.
 */
at?: number
bytes: BytesValue
}
/**
 * Takes bytes out of a field.
 */
delete?: {
/**
 * The path of the field.
 */
field: string
/**
 * From which byte: 0 when not given.
 */
at?: number
/**
 * How many.
 */
bytes: number
}
/**
 * Random edits of the bytes of a field: flips, overwrites, insertions, deletions.
 */
havoc?: {
/**
 * The path of the field.
 */
field: string
edits?: Count
}
/**
 * Removes elements of a list.
 */
remove?: {
/**
 * The path of the field.
 */
field: string
}
/**
 * Repeats elements of a list.
 */
repeat?: {
/**
 * The path of the field.
 */
field: string
times?: Count
}
/**
 * Puts the elements of a list in another order.
 */
shuffle?: {
/**
 * The path of the field.
 */
field: string
/**
 * By the seed, or backwards.
 */
how?: ("random" | "reverse")
}
/**
 * What is put right after the edits: sizes, counts and padding (length) when not given. "none" or an empty list leaves the message as malformed as it has become.
 */
fixup?: (string | ("length" | "checksum")[])
drop?: Flag
delay?: DurationSpan
/**
 * It goes so many times more.
 */
duplicate?: number
/**
 * It waits until so many later ones have gone.
 */
reorder?: number
/**
 * Sends a message of its own.
 */
inject?: {
/**
 * The type of a message of the protocol.
 */
type?: string
/**
 * Its fields by path, in this order; what is not said is zero, and lengths come by themselves.
 */
fields?: {
[k: string]: RelayValue
}
bytes?: BytesValue
/**
 * The last message of this type that came in the session, as it came.
 */
earlier?: string
/**
 * Whose message that was.
 */
from?: ("client" | "server")
/**
 * Before the message at hand, after it, or back to its sender.
 */
where?: ("before" | "after" | "back")
}
/**
 * Sends a message of its own in place of the one at hand.
 */
replace?: {
/**
 * The type of a message of the protocol.
 */
type?: string
/**
 * Its fields by path, in this order; what is not said is zero, and lengths come by themselves.
 */
fields?: {
[k: string]: RelayValue
}
bytes?: BytesValue
/**
 * The last message of this type that came in the session, as it came.
 */
earlier?: string
/**
 * Whose message that was.
 */
from?: ("client" | "server")
}
/**
 * Sends the message in several writes.
 */
split?: {
/**
 * Bytes of each write but the last.
 * 
 * @minItems 1
 */
sizes: (number | number[])
gap?: Duration
}
/**
 * It waits, and leaves in one write with so many that follow it.
 */
coalesce?: number
/**
 * Only so many of its bytes are sent.
 */
cut?: number
/**
 * The length of the frame says something else.
 */
"corrupt-length"?: {
/**
 * The length.
 */
value?: number
/**
 * So much more or less than it is.
 */
add?: number
}
/**
 * It and all behind it wait for a message of another kind, or until the time is over.
 */
hold?: {
/**
 * Types of messages, of which any lets it go; none when not given.
 * 
 * @minItems 1
 */
until?: (string | string[])
/**
 * Where such a message must be seen: anywhere when not given.
 */
at?: ("C->P" | "P->S" | "S->P" | "P->C")
for: Duration
}
state?: PartName
/**
 * Nothing passes any more, in this direction or both; the connections stay.
 */
blackhole?: ("direction" | "both")
reset?: Flag
close?: Flag
})
/**
 * A number, a word of its enum, an address, text, or a map with bytes.
 */
export type RelayValue = (string | number | boolean | {
/**
 * Hexadecimal digits; spaces and colons between bytes do not count.
 */
hex?: string
/**
 * Text in UTF-8, for a field of bytes.
 */
text?: string
})
/**
 * A tunnel, or several.
 * 
 * @minItems 1
 */
export type TunnelNames = (string | string[])
/**
 * A duration, or a number of packets.
 */
export type MigratePeriod = (string | {
packets: Count
})
/**
 * A host or container with its port, as "server:80"; as a map also with an address of its own, such as a virtual one, or that of a machine that passes a port on to it.
 */
export type MirrorEnd = (string | {
host: NodeName
address?: OneOrMore
port: Port
})
/**
 * What answers are made of: bytes, http or postgres; as a map with more.
 */
export type MirrorCompare = (string | {
/**
 * What an answer is: whatever is said between two words of the client, an HTTP response, or what PostgreSQL says to a query.
 */
protocol: ("bytes" | "http" | "postgres")
/**
 * HTTP fields that may differ.
 */
ignoreHeaders?: string[]
limit?: Count
})
/**
 * A page, as its text or with its status.
 */
export type Site = (string | {
status?: Status
/**
 * The text of the page.
 */
body?: string
})
/**
 * @minItems 1
 */
export type HostNameList = (string | HostName[])
/**
 * An address, a host, a list of them, or a record of another type.
 * 
 * @minItems 1
 */
export type DnsRecord = (string | string[] | {
cname?: HostName
txt?: OneOrMore
mx?: OneOrMore
ns?: OneOrMore
ptr?: HostName
srv?: OneOrMore
/**
 * The start of authority (RFC 1035 section 3.3.13): primary server, mailbox, serial, refresh, retry, expire and minimum.
 */
soa?: string
https?: OneOrMore
})
export type Ttl = number
/**
 * A program and its arguments.
 * 
 * @minItems 1
 */
export type Run = (string[] | {
/**
 * The program and its arguments.
 * 
 * @minItems 1
 */
command: string[]
environment?: Environment
background?: Flag
})
/**
 * Bytes: text, or a map with one of these.
 */
export type ScriptPayload = (string | {
/**
 * Text, in UTF-8.
 */
text?: string
/**
 * Hexadecimal digits; spaces and colons between bytes do not count.
 */
hex?: string
/**
 * Base64 (RFC 4648).
 */
base64?: string
file?: MachinePath
random?: Size
/**
 * Text with variables in double braces.
 */
template?: string
})
/**
 * The name of a variable: letters, digits and underscores.
 */
export type ScriptVariable = string
/**
 * A sequence number.
 */
export type SequenceNumber = (number | string)
/**
 * A TCP option: one of the words sackPermitted, timestamps, nop and end, or a map.
 */
export type TcpOption = (string | {
/**
 * Maximum segment size (RFC 9293).
 */
mss?: number
/**
 * The shift count of window scaling (RFC 7323).
 */
windowScale?: number
/**
 * Blocks of absolute sequence numbers, left and right edge (RFC 2018).
 * 
 * @minItems 1
 */
sack?: number[][]
/**
 * Timestamps (RFC 7323).
 */
timestamps?: {
/**
 * TSval: our stack's clock when not given.
 */
value?: number
/**
 * TSecr: what came last when not given.
 */
echo?: number
}
/**
 * An MD5 signature (RFC 2385).
 */
md5?: {
/**
 * The key of which the digest is made.
 */
key?: string
/**
 * The digest itself, in hexadecimal.
 */
digest?: string
}
/**
 * An option of any kind.
 */
raw?: {
/**
 * Its kind.
 */
number: number
/**
 * What follows kind and length, in hexadecimal: nothing when not given.
 */
hex?: string
}
})
/**
 * How many times as fast.
 */
export type ReplaySpeed = (number | string)
/**
 * Time between two starts; each starts when the one before has ended when not given. Or times drawn around a mean, or read from a file.
 */
export type Pace = (string | {
poisson?: Duration
gaps?: MachinePath
})
/**
 * A name of at most 15 characters, which its interfaces have on both sides.
 */
export type TunnelName = string
/**
 * A host or container, whose every interface is captured, or a map.
 */
export type Capture = (string | {
on: NodeName
when?: Flag
network?: NetworkName
interface?: MachineInterface
/**
 * A BPF filter (pcap-filter(7)).
 */
filter?: string
/**
 * Bytes kept of each packet: all when not given.
 */
snaplen?: number
})
/**
 * The name of an interface that a machine has.
 */
export type MachineInterface = string
/**
 * A bound or a range: "<= 2s", ">=1", "10ms..20ms", "50ms ± 2ms", "50ms ± 10%", or one value.
 */
export type Range = (string | number)
/**
 * A bound or a range of bytes, with a unit or without: ">=64KiB", "1000..2000", or one value.
 */
export type SizeRange = (string | number)
/**
 * A share: 0 is nothing, 1 is all.
 */
export type Share = number
/**
 * What keeps a mirror from copying, in the doctor's word.
 */
export type MirrorFinding = ("port-closed" | "port-silent" | "route-missing" | "route-elsewhere" | "route-blackhole" | "neighbour-missing" | "assistant-forwards" | "reverse-path-filter" | "source-rewritten" | "bridge-netfilter-off" | "target-rewritten" | "invalid-dropped")

/**
 * A network experiment: topology, censors, traffic, captures and expectations.
 */
export interface ScenarioFile {
/**
 * The version of the format.
 */
version: 1
name: PartName
/**
 * What it shows, in a sentence.
 */
description?: string
/**
 * Papers, posts and documents that it rests on.
 */
references?: (string | string[])
/**
 * What it does not model.
 */
limitations?: (string | string[])
extends?: FileList
include?: FileList
/**
 * Values that the command line may set and "${params.name}" stands for.
 */
params?: {
[k: string]: Param
}
control?: Flag
/**
 * The machines that hosts and containers may be on besides the one that runner is on, by name. That one is there without being written, and is called "local": of it only "underlay" can be written. What is written here of a machine of the inventory wins, key by key.
 */
machines?: {
[k: string]: Machine
}
inventory?: Inventory
allowMachineNetwork?: Flag
/**
 * The hosts, by name: each a network stack of its own. Needed unless there are containers.
 */
hosts?: {
[k: string]: Host
}
/**
 * The containers, by name. A container is a node as a host is: whatever names a host may name a container, and no two of them share a name.
 */
containers?: {
[k: string]: Container
}
/**
 * The networks that join them, by name.
 */
networks?: {
[k: string]: Network
}
/**
 * Routes that are not the derived ones: each host reaches every network by the shortest path.
 */
routes?: Route[]
/**
 * Policy rules: which packets look into which routing table.
 */
rules?: Rule[]
/**
 * Source address translation.
 */
nat?: Nat[]
/**
 * One censor, or a list of them.
 */
censor?: Censor[]
/**
 * Programs in the middle that end connections and begin others in their place, by name.
 */
proxies?: {
[k: string]: Proxy
}
/**
 * WireGuard tunnels between hosts, alone or one inside others.
 */
tunnels?: {
[k: string]: Tunnel
}
/**
 * Live traffic copied: what clients say to an online server is said to a target as well, and only the target notices.
 */
mirrors?: {
[k: string]: Mirror
}
/**
 * Services, measurements, programs and scripts.
 */
traffic?: Traffic[]
/**
 * Where packets are captured: hosts and containers, of which every interface is, or maps.
 */
captures?: Capture[]
/**
 * What must come out.
 */
expect?: Expectation[]
}
/**
 * A value that the command line may set, and "${params.name}" stands for.
 */
export interface Param {
/**
 * What values it takes. Quantities are written with their unit; "list" is a list of texts, "names" a list, alternatives separated by "|", or a file as { file: blocked.txt }.
 */
type: ("string" | "integer" | "number" | "boolean" | "duration" | "rate" | "size" | "percentage" | "address" | "prefix" | "port" | "list" | "names")
/**
 * The value when the command line sets none. Without a default it must be set.
 */
default?: (string | number | boolean | (string | {
/**
 * A file with one entry a line.
 */
file: string
})[] | {
/**
 * A file with one entry a line, for a parameter of type names.
 */
file: string
})
/**
 * What it is for, shown by the command line.
 */
description?: string
/**
 * The only values that are allowed.
 * 
 * @minItems 1
 */
values?: (string | number | boolean)[]
}
/**
 * A machine that ssh reaches. What is not written is as ssh_config(5) says.
 */
export interface Machine {
/**
 * What the machine is for.
 */
description?: string
when?: Flag
ssh?: Ssh
/**
 * How whoever ssh logs in as becomes root there; false for not at all, whatever the inventory says. Networks across machines, containers of an engine that is root's and "network: machine" need root.
 */
become?: ("sudo" | false)
deadMan?: Duration
underlay?: Underlay
}
/**
 * A host: a network stack of its own, on the machine that it is on.
 */
export interface Host {
/**
 * What the host is for.
 */
description?: string
when?: Flag
/**
 * The machine that it is on: a name of "machines" or of the inventory, "local", or the place of one in a group of the inventory, counted from 0 or, below 0, from the end.
 */
on?: string
/**
 * "own" is a namespace of its own; "machine" is the stack of the machine itself, which the lab adds interfaces to and changes in no other way.
 */
network?: ("own" | "machine")
forwarding?: Flag
/**
 * Makes it a bridge: it joins its networks to one segment with one subnet, and has no addresses of its own. With true the frames go from network to network: by way of its censors where one of them is in-path, by the kernel otherwise. With "program" nothing carries them until a program of the host's own does.
 */
bridge?: (true | false | "program")
/**
 * Overrides of its interfaces, by network.
 */
interfaces?: {
[k: string]: Interface
}
}
/**
 * What is special about one interface of a host or container.
 */
export interface Interface {
name?: InterfaceName
addresses?: OneOrMore
mac?: MacAddress
mtu?: Mtu
offload?: Flag
}
/**
 * A container: an image's program with a network stack of its own, whose interfaces, addresses and links are made as a host's are. It is never restarted, and it starts when its network is there and captures run.
 */
export interface Container {
/**
 * What the container is for.
 */
description?: string
when?: Flag
/**
 * The machine that it is on: a name of "machines" or of the inventory, "local", or the place of one in a group of the inventory, counted from 0 or, below 0, from the end.
 */
on?: string
/**
 * "own" is a namespace of its own on the networks of the lab; "docker" is the engine's own bridge and "machine" the stack of the machine itself, and then it is on no network of the lab: only "run" acts in it.
 */
network?: ("own" | "docker" | "machine")
forwarding?: Flag
censor?: Flag
/**
 * Makes it a bridge: it joins its networks to one segment with one subnet, and has no addresses of its own. With true the frames go from network to network: by way of its censors where one of them is in-path, by the kernel otherwise. With "program" nothing carries them until a program of the container's own does.
 */
bridge?: (true | false | "program")
/**
 * Overrides of its interfaces, by network.
 */
interfaces?: {
[k: string]: Interface
}
/**
 * The image, by name. With "build", the name that the built image gets: runner.local/<scenario>/<container> when not given.
 */
image?: string
/**
 * When the image is pulled: if the machine has none of that name, each time, or not at all. Not with "build".
 */
pull?: ("missing" | "always" | "never")
build?: Build
command?: Argv
entrypoint?: Argv
environment?: Environment
/**
 * Folders and files of the machine, volumes of the lab and memory that the container sees. No two have the same place.
 */
mounts?: Mount[]
user?: UserName
workingDir?: ContainerPath
hostname?: HostName
/**
 * Capabilities (capabilities(7)) beyond the engine's usual ones: a list of those it gets, or a map. The prefix CAP_ may be left out.
 */
capabilities?: (string[] | {
/**
 * Those that it gets besides the engine's usual ones.
 */
add?: string[]
/**
 * Those that are taken from the engine's usual ones.
 */
drop?: string[]
})
privileged?: Flag
/**
 * Devices of the machine that it may use: "/dev/x", or "/dev/x:/dev/y:rwm" with its name inside and what is allowed.
 */
devices?: Device[]
/**
 * Security options, as "docker run --security-opt" takes them: seccomp=unconfined or the absolute path of a profile, apparmor=PROFILE, label=…, no-new-privileges, systempaths=unconfined, mask=PATH.
 */
securityOptions?: string[]
/**
 * Kernel settings of its own namespaces (sysctl(8)). Forwarding is not among them: that is what "forwarding" says.
 */
sysctls?: {
[k: string]: string | number
}
/**
 * Resource limits by name (getrlimit(2)): a number, or a map.
 */
ulimits?: {
[k: string]: Ulimit
}
memory?: Size
/**
 * How many processors it may use, as a number that may have a fraction. No limit when not given.
 */
cpus?: number
/**
 * How many processes and threads it may have. No limit when not given.
 */
pids?: number
shmSize?: Size
readOnly?: Flag
init?: Flag
tty?: Flag
healthcheck?: Healthcheck
/**
 * Containers that must be there first: a list of names, or a map from names to "started" (runs), "healthy" (its health check has succeeded) or "completed" (has ended with exit code 0). One that is switched off is not waited for.
 */
dependsOn?: (string[] | {
[k: string]: "started" | "healthy" | "completed"
})
startTimeout?: Duration
/**
 * The signal that asks it to end: the image's own, else SIGTERM, when not given.
 */
stopSignal?: ("SIGTERM" | "SIGINT" | "SIGQUIT" | "SIGHUP" | "SIGKILL" | "SIGUSR1" | "SIGUSR2" | "SIGALRM" | "SIGWINCH" | "SIGPWR" | "SIGCONT" | "SIGRTMIN+3")
stopGrace?: Duration
copy?: Copy
}
export interface Environment {
[k: string]: EnvironmentValue
}
/**
 * Where a secret's value is read when the lab is built.
 */
export interface Secret {
env?: VariableName
file?: MachinePath
}
/**
 * Files and folders copied between the machine and a container, as "cp -a" does.
 */
export interface Copy {
/**
 * What the container gets.
 */
in?: CopyIn[]
/**
 * What the results get, below files/<container>/.
 */
out?: CopyOut[]
}
/**
 * One file or folder that a container gets.
 */
export interface CopyIn {
from: MachinePath
to: ContainerPath
/**
 * "create" is before its first process starts; "ready" is when it runs and is healthy, before the traffic starts.
 */
at?: ("create" | "ready")
after?: PartName
}
/**
 * One file or folder that the results get.
 */
export interface CopyOut {
from: ContainerPath
/**
 * What it is called below files/<container>/; with "/" at its end, the folder that it is put into. Its own name when not given.
 */
to?: string
/**
 * "end" is when the traffic has ended and the container still runs; "stopped" is when it has been stopped.
 */
at?: ("end" | "stopped")
after?: PartName
}
/**
 * One L2 segment with members, addresses and impairments.
 */
export interface Network {
/**
 * What the network stands for.
 */
description?: string
when?: Flag
subnet?: OneOrMore
ipv6?: Flag
/**
 * The hosts and containers on it: a list of names, or a map from names to what is special about each.
 */
members: (string[] | {
[k: string]: Member
})
bridge?: NodeName
mtu?: Mtu
isolated?: Flag
uplink?: Flag
offload?: Flag
delay?: DurationPerMember
jitter?: DurationPerMember
loss?: PercentagePerMember
duplicate?: PercentagePerMember
reorder?: PercentagePerMember
corrupt?: PercentagePerMember
rate?: RatePerMember
queue?: SizePerMember
}
/**
 * What is special about one member of a network.
 */
export interface Member {
address?: OneOrMore
mac?: MacAddress
delay?: Duration
jitter?: Duration
loss?: Percentage
duplicate?: Percentage
reorder?: Percentage
corrupt?: Percentage
rate?: Rate
queue?: Size
}
/**
 * A route that is not the derived one.
 */
export interface Route {
on: NodeName
when?: Flag
/**
 * A prefix, an address, a network, a host, or "default".
 */
to: string
/**
 * The next hop: an address or a host on a network of the same host.
 */
via?: string
table?: Table
/**
 * Its metric: lower is preferred.
 */
metric?: number
/**
 * What becomes of packets: sent on, refused with an ICMP error, or dropped.
 */
kind?: ("unicast" | "unreachable" | "blackhole")
}
/**
 * A policy rule: which packets look into which table (ip-rule(8)).
 */
export interface Rule {
on: NodeName
when?: Flag
/**
 * Packets from this prefix, address, network or host.
 */
from?: string
/**
 * Packets to this prefix, address, network or host.
 */
to?: string
/**
 * Packets with this firewall mark.
 */
fwmark?: number
table: Table
/**
 * Lower is looked at first; 1000, 1001, … in the order of the file when not given.
 */
priority?: number
}
/**
 * Source address translation.
 */
export interface Nat {
on: NodeName
when?: Flag
out: NetworkName
/**
 * Rewrites the source to the address of the interface.
 */
masquerade?: true
}
/**
 * A middlebox that judges packets by rules, by a program, or both.
 */
export interface Censor {
name?: PartName
/**
 * What it models.
 */
description?: string
/**
 * A censor of another scenario file, whose keys are taken where they are not written here; "rules" that are written here come first. Looked for beside this file, with or without ".yaml", and then among runner's own scenarios. "file#name" when that file has several.
 */
use?: string
/**
 * Values for the parameters of the file that is used; the others have their defaults.
 */
with?: {
[k: string]: string | number | boolean | unknown[] | {

}
}
on: NodeList
when?: Flag
/**
 * "in-path" holds each packet and can drop it; "on-path" sees copies and can only inject. In-path when not given.
 */
position?: ("in-path" | "on-path")
inside?: OneOrMore
/**
 * What happens to a packet that cannot be parsed, or whose program fails: "open" is another word for pass, "closed" for drop.
 */
onError?: ("pass" | "drop" | "open" | "closed")
state?: CensorState
reassembly?: Reassembly
checks?: Checks
/**
 * Its rules; the first that matches a packet decides.
 * 
 * @minItems 1
 */
rules?: CensorRule[]
program?: Program
}
/**
 * How a censor follows flows.
 */
export interface CensorState {
/**
 * TCP segments that begin a flow; others of an unknown flow pass unseen. All three when not given.
 * 
 * @minItems 1
 */
createOn?: ("SYN" | "SYN+ACK" | "data")[]
handshake?: Flag
/**
 * What makes it take the client's sequence number anew, from the next segment that the client sends, or with ACK (a segment of the client without payload and other flags) from that itself: nothing when not given.
 */
resyncOn?: ("SYN" | "SYN+ACK" | "RST" | "FIN" | "ACK")[]
resyncProbability?: Percentage
/**
 * What makes it forget the flow: nothing when not given.
 */
teardownOn?: ("RST" | "FIN")[]
/**
 * What an RST or FIN must fit to do either: the flow's addresses; its ports too; or also the sequence number that is expected of its sender.
 */
control?: ("addresses" | "ports" | "sequence")
/**
 * How long without a packet until a flow is forgotten, by what it is.
 */
timeouts?: {
syn?: Duration
established?: Duration
closing?: Duration
udp?: Duration
other?: Duration
}
/**
 * How many flows are known at once: 65536 when not given.
 */
flows?: number
/**
 * What happens when it knows as many: "evict" forgets the least recently used, "pass" lets new flows go unseen, "drop" drops their packets.
 */
whenFull?: ("evict" | "pass" | "drop")
}
/**
 * Which packets, and what becomes of them.
 */
export interface CensorRule {
name?: PartName
/**
 * What it models.
 */
description?: string
when?: Flag
match: Match
first?: First
probability?: Percentage
engageAfter?: DurationSpan
/**
 * What the censor does: a word for the defaults, a map, or a list of them that are all done.
 * 
 * @minItems 1
 */
action: Action[]
residual?: Residual
}
/**
 * Conditions on a packet, what it carries, or its flow: all of one map must hold.
 */
export interface Match {
"ip.src"?: PrefixMatch
"ip.dst"?: PrefixMatch
"ip.addr"?: PrefixMatch
"ip.version"?: NumberMatch
"ip.proto"?: NumberMatch
"ip.ttl"?: NumberMatch
"ip.id"?: NumberMatch
"ip.length"?: NumberMatch
"ip.dscp"?: NumberMatch
"ip.fragment"?: Flag
"ip.df"?: Flag
"ip.options"?: Flag
"tcp.srcport"?: NumberMatch
"tcp.dstport"?: NumberMatch
"tcp.port"?: NumberMatch
"tcp.flags"?: FlagsMatch
"tcp.seq"?: NumberMatch
"tcp.ack"?: NumberMatch
"tcp.window"?: NumberMatch
"tcp.length"?: NumberMatch
"tcp.headerLength"?: NumberMatch
"tcp.urgent"?: NumberMatch
"tcp.options"?: Flag
"udp.srcport"?: NumberMatch
"udp.dstport"?: NumberMatch
"udp.port"?: NumberMatch
"udp.length"?: NumberMatch
"icmp.type"?: NumberMatch
"icmp.code"?: NumberMatch
/**
 * How the source port compares with the destination port.
 */
ports?: string
"dns.qname"?: NameMatch
"dns.qtype"?: NumberMatch
"dns.qdcount"?: NumberMatch
"http.host"?: NameMatch
"http.path"?: NameMatch
"http.method"?: NameMatch
"http.version"?: NameMatch
"http.header"?: NameMatch
"http.regex"?: RegexMatch
"http.canonical"?: Flag
"tls.sni"?: NameMatch
"tls.alpn"?: NameMatch
"tls.version"?: NumberMatch
"tls.extension"?: NumberMatch
"tls.ech"?: Flag
"tls.esni"?: Flag
"tls.ja4"?: NameMatch
"quic.sni"?: NameMatch
"quic.alpn"?: NameMatch
"quic.version"?: NumberMatch
"quic.ech"?: Flag
"quic.ja4"?: NameMatch
"ssh.version"?: NameMatch
"ssh.kex"?: NameMatch
"payload.protocol"?: WordMatch
"payload.bytes"?: BytesMatch
"payload.regex"?: RegexMatch
"payload.length"?: NumberMatch
"payload.entropy"?: NumberMatch
"payload.popcount"?: NumberMatch
"payload.printable"?: NumberMatch
"payload.printableRun"?: NumberMatch
"payload.printablePrefix"?: NumberMatch
"flow.packets"?: NumberMatch
"flow.bytes"?: NumberMatch
"flow.data"?: NumberMatch
"flow.age"?: NumberMatch
"flow.side"?: WordMatch
"flow.origin"?: WordMatch
share?: ShareMatch
model?: ModelMatch
/**
 * All of these must hold.
 * 
 * @minItems 1
 */
all?: Match[]
/**
 * One of these must hold.
 * 
 * @minItems 1
 */
any?: Match[]
not?: Match
}
/**
 * An ONNX model, asked of each packet with payload.
 */
export interface ModelMatch {
file: MachinePath
/**
 * Its input, in order.
 * 
 * @minItems 1
 */
features: ModelFeature[]
/**
 * Which number of its output counts, from 0: 0 when not given.
 */
output?: number
score: NumberMatch
}
/**
 * Lets a flow carry so much, and then drops all of it. In-path only.
 */
export interface Freeze {
after: SizeSpan
/**
 * Which way: forward is from the side that started the flow.
 */
direction?: ("both" | "forward" | "reverse")
}
/**
 * TCP RST injection.
 */
export interface Reset {
/**
 * Who gets the segments.
 */
sides?: ("both" | "client" | "server")
/**
 * How many each side gets: as many as there are offsets, or 1, when not given.
 */
count?: number
/**
 * The flags of the segments, RST among them: RST when not given.
 */
flags?: string
/**
 * Added to the sequence number that the receiver expects, in turn for each segment: [0] when not given.
 * 
 * @minItems 1
 */
offsets?: number[]
ttl?: NumberSource
window?: NumberSource
"ip-id"?: NumberSource
/**
 * Bytes that the segments carry, in hexadecimal: none when not given.
 */
payload?: string
delay?: Duration
gap?: Duration
repeat?: Flag
dropTrigger?: Flag
}
/**
 * Turns the flow's own packets into resets, as the TSPU does: their sequence numbers stay, their payload goes. In-path only.
 */
export interface Rewrite {
/**
 * Whose packets: forward is from the side that started the flow. Reverse when not given.
 */
direction?: ("both" | "forward" | "reverse")
/**
 * The flags that they get: RST+ACK when not given.
 */
flags?: string
ttl?: NumberSource
window?: NumberSource
"ip-id"?: NumberSource
}
/**
 * A forged DNS answer.
 */
export interface InjectDns {
answers?: OneOrMore
cname?: HostName
/**
 * The response code.
 */
rcode?: ("NOERROR" | "NXDOMAIN" | "SERVFAIL" | "REFUSED")
recordTtl?: NumberSource
ttl?: NumberSource
"ip-id"?: NumberSource
dontFragment?: Flag
delay?: DurationSpan
/**
 * Copies of the answer: 1 when not given.
 */
count?: number
authoritative?: Flag
recursionAvailable?: Flag
dropTrigger?: Flag
}
/**
 * A forged HTTP response.
 */
export interface InjectHttp {
status?: Status
/**
 * The reason phrase: the usual one of the status when not given.
 */
reason?: string
/**
 * The HTTP version: 1.1 when not given.
 */
version?: ("1.0" | "1.1" | 1 | 1.1)
/**
 * Further header fields.
 */
headers?: {
[k: string]: string
}
/**
 * The page.
 */
body?: string
/**
 * The flags of its last segment: FIN+PSH+ACK when not given.
 */
flags?: string
ttl?: NumberSource
window?: NumberSource
"ip-id"?: NumberSource
teardown?: Teardown
resetServer?: Flag
dropTrigger?: Flag
}
/**
 * Sends the client's packets to another address, and the answers back as if from the first. In-path only.
 */
export interface Redirect {
to: OneOrMore
port?: Port
}
/**
 * Throttling.
 */
export interface Throttle {
rate: Rate
/**
 * "police" drops what exceeds the rate; "shape" delays it.
 */
mode?: ("police" | "shape")
burst?: Size
/**
 * Which way: forward is from the side that started the flow.
 */
direction?: ("both" | "forward" | "reverse")
/**
 * Whether each flow has the rate, or all flows of the rule together.
 */
per?: ("flow" | "rule")
}
/**
 * Delays packets, whose order stays. In-path only.
 */
export interface DelayAction {
by: DurationSpan
/**
 * Which way: forward is from the side that started the flow.
 */
direction?: ("both" | "forward" | "reverse")
/**
 * Only the packet that matches, or the flow from there on.
 */
scope?: ("packet" | "flow")
}
/**
 * Loses a share of packets. In-path only.
 */
export interface Lose {
share: Percentage
/**
 * Which way: forward is from the side that started the flow.
 */
direction?: ("both" | "forward" | "reverse")
/**
 * Only the packet that matches, or the flow from there on.
 */
scope?: ("packet" | "flow")
}
/**
 * Changes packets on their way; checksums and, where the length changes, sequence numbers are put right. In-path only.
 */
export interface Tamper {
/**
 * The changes, in this order.
 * 
 * @minItems 1
 */
edits: TamperEdit[]
/**
 * Which way: forward is from the side that started the flow.
 */
direction?: ("both" | "forward" | "reverse")
/**
 * Only the packet that matches, or the flow from there on.
 */
scope?: ("packet" | "flow")
}
/**
 * One change to a packet.
 */
export interface TamperEdit {
/**
 * Replaces bytes of the payload, wherever they are in the packet.
 */
replace?: {
find: BytesValue
with: BytesValue
}
/**
 * Sets or removes a header field of an HTTP request or response whose head lies in the packet.
 */
"http-header"?: {
/**
 * The field.
 */
name: string
/**
 * Its value; null removes it.
 */
value: (string | null)
}
/**
 * Takes an extension out of a ClientHello that lies in the packet: by number, or by name such as ech, esni and alpn.
 */
"tls-strip"?: (string | number)
"tls-sni"?: HostName
/**
 * Sets a field of the IP or TCP header.
 */
field?: {
/**
 * The field.
 */
name: ("ip.ttl" | "ip.id" | "ip.dscp" | "tcp.window" | "tcp.urgent")
/**
 * Its value.
 */
value: number
}
/**
 * Takes a TCP option out: by kind, or by name: mss, wscale, sack, timestamps.
 */
"tcp-strip"?: (string | number)
}
/**
 * Reads and passes on what a TLS client and server say, with a certificate of an authority of its own. In-path only.
 */
export interface Mitm {
/**
 * "lab" is the authority that the lab's clients trust, "own" one of the censor's, which they do not.
 */
authority?: ("lab" | "own")
log?: Flag
}
/**
 * Blocking that stays after a rule has fired.
 */
export interface Residual {
/**
 * Which flows: those of the same client; the same two addresses; the same addresses and server port; or the same four numbers.
 */
key?: ("1-tuple" | "2-tuple" | "3-tuple" | "4-tuple")
for: DurationSpan
refresh?: Flag
existing?: Flag
probability?: Percentage
/**
 * What happens to them: the rule's own actions when not given.
 * 
 * @minItems 1
 */
action?: ResidualAction[]
}
/**
 * A program in the middle.
 */
export interface Proxy {
/**
 * What it models.
 */
description?: string
on: NodeName
when?: Flag
relay: Relay
}
/**
 * A man in the middle: it listens, dials, and does to messages what its rules say.
 */
export interface Relay {
/**
 * Where it listens: tcp://host:port, udp://host:port, unix:/path or unix:@abstract. "*", and no host, are all addresses of both families.
 */
listen: string
/**
 * What it dials, in the same words; hosts and names of the lab are known. "original": where the client wanted to go, of connections or datagrams that pass through its host and are diverted to it.
 */
target: string
/**
 * With "target: original": ports whose connections through its host (over UDP, whose datagrams) are diverted to it. That of "listen" when not given.
 * 
 * @minItems 1
 */
divert?: (number | number[])
transparent?: Flag
/**
 * Where messages end and what they say: raw when not given; lines, u32-length, http, tls, dns, openflow, or a file beside this one.
 */
protocol?: string
/**
 * Whether messages leave in the order in which they came: all; those whose types the protocol calls strict; or each as soon as it can.
 */
ordering?: ("all" | "typed" | "none")
/**
 * Threads that edit messages; 0: the one that carries them.
 */
workers?: number
/**
 * What happens where a stream has no messages of the protocol: the rest goes on as it is, or the session ends.
 */
onFramingFault?: ("pass" | "close")
limits?: RelayLimits
/**
 * What happens to messages: every rule that matches, in this order.
 */
rules?: RelayRule[]
/**
 * Faults of the network, in the manner of Toxiproxy.
 */
faults?: RelayFault[]
fuzz?: RelayFuzz
/**
 * Where it is controlled over HTTP while it runs: a loopback address or a Unix socket.
 */
control?: string
}
/**
 * What a relay takes on.
 */
export interface RelayLimits {
sessions?: Count
seats?: Count
bytes?: Size
dialTimeout?: Duration
processTimeout?: Duration
idleTimeout?: Duration
}
/**
 * Which messages, and what becomes of them.
 */
export interface RelayRule {
name?: PartName
/**
 * What it does.
 */
description?: string
when?: Flag
/**
 * Which way the messages go, from client to server or back: the rule is asked when one has been read.
 */
direction?: ("C->S" | "S->C")
/**
 * Instead of "direction", when it is asked: C->P and S->P when a message has been read, P->S and P->C when it is about to be sent.
 */
at?: ("C->P" | "P->S" | "S->P" | "P->C")
match?: RelayMatch
/**
 * What is done, in this order: a word, a map of one operation, or a list of them.
 * 
 * @minItems 1
 */
do: RelayOperation[]
unsafe?: Flag
}
/**
 * Conditions on a message. Any other key is the path of a field, and what it must be.
 */
export interface RelayMatch {
/**
 * Types of messages: one, alternatives separated by "|", or a list; a "*" stands for any characters.
 * 
 * @minItems 1
 */
type?: (string | string[])
nth?: RelayNth
/**
 * The share of matching messages, by the seed.
 */
probability?: (string | number)
/**
 * Sessions by number, counted from 1: all when not given.
 * 
 * @minItems 1
 */
session?: (number | number[])
state?: PartName
[k: string]: RelayFieldMatch | string | string[] | RelayNth | number | number[] | undefined
}
/**
 * A fault of the network, of the bytes that one direction delivers. Exactly one kind.
 */
export interface RelayFault {
name: PartName
when?: Flag
/**
 * Bytes from the client to the server (upstream), or back.
 */
direction?: ("upstream" | "downstream")
/**
 * The share of sessions that it holds for, by the seed: all when not given.
 */
probability?: (string | number)
enabled?: Flag
/**
 * Delays what is delivered; its order stays.
 */
latency?: {
latency: Duration
jitter?: Duration
}
/**
 * Holds it to a rate.
 */
bandwidth?: {
rate: Rate
}
/**
 * The end of a stream is told later.
 */
"slow-close"?: {
delay: Duration
}
/**
 * Nothing passes, and the session ends after this time.
 */
timeout?: {
after: Duration
}
/**
 * The session ends by RST after this time.
 */
"reset-peer"?: {
after: Duration
}
/**
 * Bytes leave in pieces.
 */
slicer?: {
size: Size
variation?: Size
gap?: Duration
}
/**
 * The session ends once so many bytes have passed.
 */
"limit-data"?: {
bytes: Size
}
}
/**
 * Which messages are mutated, and how much.
 */
export interface RelayFuzz {
/**
 * Where: C->P and S->P when a message has been read, P->S and P->C when it is about to be sent.
 * 
 * @minItems 1
 */
at: (string | ("C->P" | "P->S" | "S->P" | "P->C")[])
/**
 * Types of messages: all when not given.
 * 
 * @minItems 1
 */
messages?: (string | string[])
/**
 * The share of these that are mutated: all when not given.
 */
rate?: (string | number)
edits?: Count
/**
 * Mutations in all, at most: without end when not given.
 */
count?: number
answerTimeout?: Duration
/**
 * Mutations that were found before, done again: nothing else is mutated then.
 * 
 * @minItems 1
 */
only?: RelayMutation[]
}
/**
 * A mutation of one message of each session.
 */
export interface RelayMutation {
/**
 * Where: the first place of "at" beside when not given.
 */
at?: ("C->P" | "P->S" | "S->P" | "P->C")
/**
 * The type of the message.
 */
type: string
nth?: Count
/**
 * Edits of its fields and lists, in this order.
 * 
 * @minItems 1
 */
do: RelayOperation[]
}
/**
 * A tunnel between two hosts; or, without "wireguard", several tunnels of one client with none around them.
 */
export interface Tunnel {
/**
 * What it is for.
 */
description?: string
when?: Flag
wireguard?: WireguardTunnel
over?: TunnelNames
/**
 * What of the client goes by it: "default" (all, which is so when not given of one that is over others and carries none), "none", or prefixes.
 * 
 * @minItems 1
 */
route?: (string | string[])
migrate?: Migrate
/**
 * Without "wireguard", what a switch does to sockets that there are. move (when not given): they go over the tunnel in force, all of which have one address at the client. stay: each tunnel has an address of its own there; a socket stays with that of the tunnel in force when it was bound.
 */
connections?: ("move" | "stay")
}
/**
 * A WireGuard tunnel. Its keys are made when the lab is built.
 */
export interface WireguardTunnel {
client: NodeName
server: NodeName
addresses?: TunnelAddresses
ipv6?: Flag
/**
 * The IP version of its own packets, where the server has both.
 */
family?: (4 | 6)
port?: Port
keepalive?: Duration
mtu?: Mtu
}
/**
 * Addresses without prefix length, one of each family at most.
 */
export interface TunnelAddresses {
client?: OneOrMore
server?: OneOrMore
}
/**
 * Which of several tunnels is gone over, and when that changes.
 */
export interface Migrate {
/**
 * none: it stays with the first. round-robin: each in turn. uniform: any, all alike. dirichlet: any, by weights that are drawn once a run. weighted: any, by "weights". batched: as dirichlet, each kept for "batch" periods. trace: as "file" says.
 */
policy: ("none" | "round-robin" | "uniform" | "dirichlet" | "weighted" | "batched" | "trace")
every?: MigratePeriod
/**
 * Of weighted: one for each tunnel of "over".
 * 
 * @minItems 1
 */
weights?: number[]
/**
 * Of dirichlet and batched: the smaller, the more the weights differ. 1 when not given.
 */
alpha?: number
batch?: MigrateBatch
/**
 * Of trace: a file with a switch a line, its milliseconds since the migration began and the tunnel, as in "200 wgnet2".
 */
file?: string
}
/**
 * Bounds, both inclusive.
 */
export interface MigrateBatch {
min: Count
max: Count
}
/**
 * Copies of what clients say to an online server, for a target.
 */
export interface Mirror {
/**
 * What it models.
 */
description?: string
when?: Flag
online: MirrorEnd
target: MirrorEnd
assistant?: NodeName
/**
 * packet: the target sees the clients' own addresses. stream: connections are passed on by the online server's host, which has one of its own to the target for each; it works wherever the target can be dialled.
 */
mode?: ("packet" | "stream")
/**
 * What is copied.
 */
protocol?: ("tcp" | "udp")
clients?: OneOrMore
mapped?: OneOrMore
multiply?: Count
sample?: Percentage
ramp?: Duration
fullSessions?: Flag
/**
 * answers: what a client said after an answer is said after the target's answer too. none: as soon as it comes.
 */
order?: ("answers" | "none")
timeouts?: MirrorTimeouts
limits?: MirrorLimits
source?: MirrorSource
compare?: MirrorCompare
hook?: MirrorHook
}
/**
 * Lengths of time of a mirror.
 */
export interface MirrorTimeouts {
establish?: Duration
answer?: Duration
stall?: Duration
closing?: Duration
idle?: Duration
gap?: Duration
}
/**
 * What a mirror takes on.
 */
export interface MirrorLimits {
sessions?: Count
sessionBytes?: Size
totalBytes?: Size
flight?: Size
mtu?: Mtu
reopens?: Count
}
/**
 * Whence a mirror has its clients.
 */
export interface MirrorSource {
capture: MachinePath
/**
 * How many times as fast its time passes.
 */
speed?: number
}
/**
 * A protocol in which clients prove themselves anew to the target.
 */
export interface MirrorHook {
/**
 * PostgreSQL: SCRAM-SHA-256, MD5 and cleartext passwords.
 */
postgres: {
/**
 * By user: where its password is. "*" is for all others.
 */
passwords: {
[k: string]: MirrorPassword
}
}
}
/**
 * Where a password is.
 */
export interface MirrorPassword {
variable: VariableName
}
/**
 * A service, a measurement, a program, a script, a replay, visits of web pages, or a change to a censor, a proxy or a tunnel.
 */
export interface Traffic {
name: PartName
/**
 * What it is for.
 */
description?: string
when?: Flag
on?: NodeName
from?: NodeName
/**
 * Where it goes: a host or container, a name served in the lab, or an address (IPv6 in brackets), and a port unless it is the usual one.
 */
to?: string
/**
 * The IP version to use where the destination has both, or between the parties of a script.
 */
family?: (4 | 6)
/**
 * Who speaks with whom in a script: hosts or containers with their ports. The last listens, and each of the others connects to it. Or a list of pairs, of which the second listens. A port that is left out is one that the kernel gives, or one of the plan's own with a raw transport.
 * 
 * @minItems 1
 */
between?: (string | string[])[]
/**
 * What carries a script: tcp when not given. With a raw transport the packets are our own, past the kernel's stack: its RSTs for exactly these ports are dropped while the flow lasts.
 */
transport?: ("tcp" | "udp" | "tls" | "unix" | "raw-tcp" | "raw-udp" | "raw-ip")
/**
 * Names for the parties of a script, with their hosts or containers: they have the names of these when not given.
 */
parties?: {
[k: string]: NodeName
}
tls?: ScriptTls
raw?: ScriptRaw
serve?: Serve
probe?: Probe
run?: Run
/**
 * Steps in order, each by one party: what one sends, all others await before their own next step. The flow begins at the first of "between".
 * 
 * @minItems 1
 */
script?: ScriptStep[]
replay?: Replay
visit?: Visit
after?: OneOrMore
barrier?: PartName
at?: Duration
every?: Pace
repeat?: Count
for?: Duration
/**
 * How many attempts run at once: 1 when not given.
 */
concurrency?: number
timeout?: Duration
censor?: PartName
/**
 * What happens to the censor: "stop" lets everything pass unjudged, "start" has it judge again, "reload" gives it the rules or the program that are written here, and starts its program anew.
 */
do?: ("stop" | "start" | "reload")
/**
 * The rules that a reload gives to the censor instead of its own.
 * 
 * @minItems 1
 */
rules?: CensorRule[]
program?: Program
proxy?: PartName
fault?: PartName
rule?: PartName
enabled?: Flag
tunnel?: TunnelName
over?: TunnelName
}
/**
 * The handshake of a script over TLS. The listening party has a certificate of the lab's own CA for the name.
 */
export interface ScriptTls {
/**
 * The server name that is sent: the listening host when not given, none when empty.
 */
sni?: string
/**
 * The application protocols that are offered: none when not given.
 */
alpn?: string[]
verify?: Flag
}
/**
 * Our own TCP where a script says nothing. When the script crafts segments, nothing leaves that it does not say: ack is piggyback and retransmit false. Else they are delayed and true.
 */
export interface ScriptRaw {
/**
 * When it acknowledges: at once; every second full segment or after 40 ms (RFC 1122); with data of its own only; never.
 */
ack?: ("now" | "delayed" | "piggyback" | "none")
retransmit?: Flag
}
/**
 * What a host serves.
 */
export interface Serve {
http?: ServeHttp
tls?: ServeTls
web?: ServeWeb
dns?: ServeDns
quic?: ServeQuic
/**
 * Servers that send back what they get (RFC 862).
 */
echo?: {
tcp?: Port
udp?: Port
}
}
/**
 * An HTTP server: 1.1, and 2 by prior knowledge.
 */
export interface ServeHttp {
port?: Port
/**
 * Pages by the Host header they answer to; "*" answers to any.
 */
sites?: {
[k: string]: Site
}
size?: Size
}
/**
 * An HTTPS server.
 */
export interface ServeTls {
port?: Port
names?: HostNameList
size?: Size
http2?: Flag
}
/**
 * A web server: files of folders and what recordings (HAR) have, by the names of the sites.
 */
export interface ServeWeb {
/**
 * The folder of each site by its name, with an index.html; "*" answers to any other name.
 */
sites?: {
[k: string]: MachinePath
}
har?: OneOrMore
/**
 * recorded: each answer of a recording waits as long as its server took then. none when not given.
 */
timing?: ("none" | "recorded")
/**
 * Where it listens: http on 80 and https on 443 when not given, else on those that are.
 */
ports?: {
http?: Port
https?: Port
}
}
/**
 * A DNS server.
 */
export interface ServeDns {
port?: Port
/**
 * What names resolve to: an address, a host of the lab, a list of them, or a record of another type.
 */
records: {
[k: string]: DnsRecord
}
ttl?: Duration
dot?: Port
doh?: Port
names?: HostNameList
}
/**
 * An HTTP/3 server.
 */
export interface ServeQuic {
port?: Port
names?: HostNameList
size?: Size
}
/**
 * A measurement.
 */
export interface Probe {
/**
 * Connects by TCP.
 */
tcp?: {
size?: Size
}
/**
 * Sends a datagram and awaits its echo.
 */
udp?: {
size?: Size
}
/**
 * Asks an HTTP server for a page.
 */
http?: {
/**
 * The method: GET when not given.
 */
method?: string
/**
 * The Host header: the host of "to" when not given.
 */
host?: string
/**
 * The path: "/" when not given.
 */
path?: string
status?: Status
/**
 * The version of HTTP: 1.1 when not given, 2 by prior knowledge (h2c, RFC 9113 section 3.3).
 */
version?: ("1.1" | "2" | 1.1 | 2)
}
/**
 * Asks an HTTPS server for a page.
 */
https?: {
/**
 * The server name that it sends: the host of "to" when not given, none when empty.
 */
sni?: string
/**
 * The Host header: the server name when not given, or the host of "to" where there is none.
 */
host?: string
/**
 * The method: GET when not given.
 */
method?: string
/**
 * The path: "/" when not given.
 */
path?: string
status?: Status
/**
 * The version of HTTP: what the server chooses from "alpn" when not given.
 */
version?: ("1.1" | "2" | 1.1 | 2)
/**
 * The application protocols that it offers: h2 and http/1.1 when not given, or the one of "version".
 * 
 * @minItems 1
 */
alpn?: string[]
verify?: Flag
}
/**
 * Makes a TLS handshake.
 */
tls?: {
/**
 * The server name that it sends: the host of "to" when not given, none when empty.
 */
sni?: string
/**
 * The application protocols that it offers: none when not given.
 */
alpn?: string[]
/**
 * The path that it asks for after the handshake: the handshake alone when not given.
 */
get?: string
verify?: Flag
/**
 * The lowest version of TLS that it offers: 1.2 when not given.
 */
minVersion?: ("1.2" | "1.3" | 1.2 | 1.3)
/**
 * The highest version of TLS that it offers: 1.3 when not given.
 */
maxVersion?: ("1.2" | "1.3" | 1.2 | 1.3)
/**
 * Sends an Encrypted Client Hello extension of random content, as browsers do towards servers without ECH (RFC 9849 section 6.2). The handshake is TLS 1.3.
 */
ech?: "grease"
/**
 * The bytes of the ClientHello in each TLS record: the rest goes in a last record. All in one when not given.
 * 
 * @minItems 1
 * @maxItems 64
 */
records?: number[]
/**
 * The bytes of the first flight in each TCP segment: the rest goes in a last segment. As the kernel cuts it when not given.
 * 
 * @minItems 1
 * @maxItems 64
 */
segments?: number[]
}
/**
 * Asks a DNS server.
 */
dns?: {
qname: HostName
/**
 * The record type.
 */
qtype?: ("A" | "AAAA" | "CNAME" | "TXT" | "MX" | "NS" | "SOA" | "PTR" | "SRV" | "HTTPS")
/**
 * What carries the query: UDP when not given; dot is TLS (RFC 7858), doh is HTTPS (RFC 8484).
 */
transport?: ("udp" | "tcp" | "dot" | "doh")
answers?: OneOrMore
/**
 * The server name that dot and doh send: the host of "to" when not given, none when empty.
 */
serverName?: string
verify?: Flag
/**
 * The path that doh asks: "/dns-query" when not given.
 */
path?: string
/**
 * How doh sends the query: POST when not given.
 */
method?: ("POST" | "GET")
/**
 * The version of HTTP that doh speaks: 2 when not given.
 */
version?: ("1.1" | "2" | 1.1 | 2)
}
/**
 * Makes a QUIC handshake by ngtcp2's gtlsclient. It does not judge the certificate.
 */
quic?: {
/**
 * The server name that it sends: the host of "to" when not given, none when empty.
 */
sni?: string
/**
 * The path that it asks for over HTTP/3: the handshake alone when not given.
 */
get?: string
/**
 * The version of QUIC: 1 when not given; one that the server does not know makes it answer with version negotiation.
 */
version?: string
migrate?: QuicMigrate
}
/**
 * Sends ICMP echo requests (RFC 792, RFC 4443).
 */
ping?: {
/**
 * How many: 3 when not given.
 */
count?: number
size?: Size
ttl?: Ttl
interval?: Duration
}
/**
 * Sends the same payload with a rising TTL and notes who answers at each: routers, the server, or a censor in between.
 */
traceroute?: {
/**
 * What is sent: an ICMP echo request when not given; a datagram; a SYN; a ClientHello or a DNS query in a TCP connection; a DNS query in a datagram.
 */
payload?: ("icmp" | "udp" | "tcp" | "tls" | "dns" | "dns-tcp")
/**
 * The server name in a ClientHello: the host of "to" when not given.
 */
sni?: string
qname?: HostName
maxTtl?: Ttl
hopTimeout?: Duration
/**
 * How often it tries each TTL: 1 when not given.
 */
attempts?: number
}
}
/**
 * A change of the client's address while its connection lives: it takes another connection ID and validates the path (RFC 9000 section 9).
 */
export interface QuicMigrate {
after: Duration
}
/**
 * What one party does, under its name; or a loop of steps by all.
 */
export interface ScriptStep {
loop?: ScriptLoop
[k: string]: ScriptAction | ScriptLoop | undefined
}
/**
 * Steps that are played several times. Payloads of random bytes differ from turn to turn.
 */
export interface ScriptLoop {
times: Count
/**
 * The steps of one turn.
 * 
 * @minItems 1
 */
steps: ScriptStep[]
}
/**
 * One step of one party: it sends, expects, closes, waits, sets variables, decides, repeats, or crafts a segment of its own.
 */
export interface ScriptAction {
send?: ScriptPayload
/**
 * The bytes leave in exactly so many segments, as equal as can be, or in segments of exactly these sizes and one of what is left: no segment holds anything else. The step fails where that cannot be.
 * 
 * @minItems 1
 */
segments?: (number | number[])
flush?: Flag
expect?: ScriptExpect
as?: ScriptVariable
/**
 * Ends the sending: by FIN; by FIN, while what comes is still read; by RST at once.
 */
close?: ("fin" | "half" | "reset")
wait?: Duration
/**
 * Sets variables, by name, to bytes.
 */
set?: {
[k: string]: ScriptPayload
}
if?: ScriptCondition
/**
 * The party's steps where the condition holds.
 */
then?: ScriptAction[]
/**
 * The party's steps where it does not.
 */
else?: ScriptAction[]
repeat?: ScriptRepeat
/**
 * The other party, where the party speaks with several.
 */
to?: string
after?: Duration
at?: Duration
within?: Duration
/**
 * Crafts a segment with these flags of raw-tcp: FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, joined by +, or none.
 */
flags?: string
seq?: SequenceNumber
ackNumber?: SequenceNumber
/**
 * The window, as in the header.
 */
window?: number
/**
 * The urgent pointer.
 */
urgent?: number
/**
 * The TCP options, in order: none with an empty list.
 */
options?: TcpOption[]
/**
 * TTL or hop limit.
 */
ttl?: number
/**
 * TOS or traffic class.
 */
tos?: number
/**
 * IPv4 identification.
 */
id?: number
df?: Flag
/**
 * IPv6 flow label.
 */
flowLabel?: number
/**
 * The packet leaves in fragments with so many bytes after their IP headers, and one of what is left: multiples of 8.
 * 
 * @minItems 1
 */
fragments?: number[]
/**
 * The checksum of a crafted segment.
 */
checksum?: ("right" | "wrong")
/**
 * The checksum of the IP header.
 */
ipChecksum?: ("right" | "wrong")
/**
 * With raw-ip: the protocol number, and "send" is what follows the IP header. Without it, "send" is a whole IP packet, whose addresses are rewritten.
 */
protocol?: number
arrives?: Flag
/**
 * From now on our own stack acknowledges so, with raw-tcp.
 */
ack?: ("now" | "delayed" | "piggyback" | "none")
retransmit?: Flag
}
/**
 * What is to come.
 */
export interface ScriptExpect {
/**
 * So many bytes, whatever they are.
 */
bytes?: number
exact?: ScriptPayload
until?: ScriptPayload
/**
 * Everything up to and with the first match of a regular expression; or /expression/flags. Its named groups become variables.
 */
regex?: string
/**
 * A datagram of so many bytes, or from so many to so many.
 * 
 * @minItems 2
 * @maxItems 2
 */
length?: (number | number[])
/**
 * The other side has sent all: its FIN.
 */
end?: true
/**
 * A RST.
 */
reset?: true
packet?: ScriptPacket
}
/**
 * A packet that comes.
 */
export interface ScriptPacket {
/**
 * All of these flags: any when not given.
 */
flags?: string
/**
 * At least so many bytes of payload: 0 when not given.
 */
minLength?: number
/**
 * With raw-ip: the protocol number.
 */
protocol?: number
}
/**
 * A condition over variables: it is set, it equals bytes, or a regular expression matches it.
 */
export interface ScriptCondition {
variable?: ScriptVariable
equals?: ScriptPayload
/**
 * The regular expression matches somewhere in it.
 */
matches?: string
not?: ScriptCondition
}
/**
 * Steps of one party that are played again and again.
 */
export interface ScriptRepeat {
times: Count
until?: ScriptCondition
/**
 * The party's steps of one turn.
 * 
 * @minItems 1
 */
steps: ScriptAction[]
}
/**
 * A capture that is played again. With { file: curl.pcap } and between: [client, server:443], the bytes of its first conversation go between these two: the first takes the part of the side that began.
 */
export interface Replay {
file: MachinePath
/**
 * payload: the same bytes over connections of the kernel's, in segments of the same sizes; packet: the packets themselves, with addresses and checksums rewritten (transport raw-ip).
 */
level?: ("payload" | "packet")
/**
 * Which conversation of the capture: a number, a protocol and port, an address, or both ends. The first of those that it means is played; the first of all when not given.
 */
flow?: string
speed?: ReplaySpeed
}
/**
 * Visits of web pages. With { urls: ["https://news.example/"], repeat: 5 } the node's browser fetches the page five times, each time as if it had never been there.
 */
export interface Visit {
/**
 * The pages: http or https.
 * 
 * @minItems 1
 */
urls?: string[]
file?: MachinePath
/**
 * What visits: chromium, a real browser that loads the page and all that belongs to it, or curl, which fetches the document and nothing else.
 */
with?: ("chromium" | "curl")
repeat?: Count
/**
 * interleaved visits each page once, then each again, so that what drifts meets all alike; sequential does all visits of a page before the next.
 */
order?: ("interleaved" | "sequential")
timeout?: Duration
settle?: Duration
drain?: Duration
failures?: Count
/**
 * How many bytes a document must have: 100 when not given. A visit of a smaller one has failed; 0 takes any but an empty one.
 */
minimum?: number
/**
 * What is kept of the requests and responses of a browser, as a HAR: full has headers, sizes and times, minimal what it takes to serve them again, false is none.
 */
har?: ("full" | "minimal" | false)
bodies?: Flag
/**
 * Whether a browser speaks QUIC, from the first packet on: false when not given, so that all is over TCP. true does so with the servers of all pages over https, and a host and port with that one alone.
 */
quic?: (boolean | string)
}
/**
 * What must come out: of a flow, a capture, a container, a proxy, a tunnel, a mirror, or a metric.
 */
export interface Expectation {
/**
 * Why it must.
 */
description?: string
when?: Flag
flow?: PartName
/**
 * Its OONI failure string; null for success.
 */
failure?: (string | null)
/**
 * What the packets must prove; null for no interference.
 */
cause?: ("injected-rst" | "injected-fin" | "injected-dns" | "injected-page" | "injected-data" | "dropped" | "tampered" | "intercepted" | "redirected" | "throttled" | "delayed" | "refused-by-peer" | "reset-by-peer" | "link-loss" | "unreachable" | "unexplained" | null)
by?: NodeName
/**
 * The stage in which it must fail, or that it must reach (Censored Planet).
 */
stage?: ("setup" | "dial" | "tls" | "write" | "read" | "http" | "content" | "unknown")
/**
 * How that stage must end (Censored Planet).
 */
outcome?: string
/**
 * What the server must have seen (packet signatures of Raman et al., SIGCOMM 2023); null for an end in peace.
 */
signature?: (string | null)
/**
 * What its packets must betray, whether or not it explains the failure: one kind or several.
 * 
 * @minItems 1
 */
signal?: (string | string[])
duration?: Range
goodput?: Range
/**
 * The answers that a DNS probe must have got, in any order.
 */
answers?: (string | string[])
status?: Status
/**
 * The exit code of a program, or of the container's own.
 */
exitCode?: number
/**
 * The capture that is looked at: "node" or "node.network".
 */
capture?: string
/**
 * The packets that are counted (pcap-filter(7)): all when not given.
 */
filter?: string
count?: Range
container?: NodeName
/**
 * Whether it must still run, or must have ended.
 */
state?: ("running" | "exited")
oomKilled?: Flag
/**
 * The metric that is looked at; those of "online" and "target" are the times that the servers of a mirror took to begin their answers, where it compares them.
 */
metric?: ("rtt.p50" | "rtt.p99" | "duration.p50" | "goodput.p50" | "online.p50" | "online.p99" | "target.p50" | "target.p99")
of?: PartName
ratioTo?: PartName
within?: Range
hop?: Ttl
pathChanges?: Range
proxy?: PartName
rule?: PartName
sessions?: Range
messages?: Range
bytes?: SizeRange
framingFaults?: Range
fuzzed?: Range
/**
 * What mutated messages were answered: the type of an error and the words of it, "reset", "end" or "silence".
 */
finding?: string
tunnel?: TunnelName
handshake?: Flag
leaked?: Range
minShare?: Share
maxShare?: Share
shareWithin?: Share
silences?: Range
switches?: Range
switchTime?: Range
mirror?: PartName
refused?: Range
whole?: Range
copied?: Range
short?: SizeRange
/**
 * How as many copies must have ended as "count" says.
 */
ending?: ("finished" | "reset-by-client" | "reset-by-online" | "refused-by-target" | "reset-by-target" | "closed-by-target" | "no-connection" | "no-acknowledgment" | "no-end" | "no-window" | "capture-loss" | "buffer-full" | "hook-failed" | "idle" | "stopped")
pairs?: Range
different?: Range
missing?: Range
/**
 * What the doctor must find before the traffic, and nothing else. What is expected does not end the run.
 * 
 * @minItems 1
 */
doctor?: MirrorFinding[]
}
