"""How files of a format begin, and what may stand around JSON that was saved as a script.

Patterns for bytes without the zeros of wide encodings. Byte order marks may stand anywhere.
"""

from __future__ import annotations

import re

_SPACE = rb"[\s\xef\xbb\xbf\xfe\xff]"
COMMENT = rb"(?://|\#)[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/"
_GAP = rb"(?:%b|%b)*+" % (_SPACE, COMMENT)
_NAME = rb"[A-Za-z_$][\w$]*+(?:\.[\w$]++|\[(?:\"[^\"\n]*+\"|'[^'\n]*+'|\d++)\])"
# What keeps a browser from running JSON of another site, or makes a script of it.
_GUARD = rb"\)\]\}'?+,?+|(?:while|for)\s*+\((?:1|true|;;)\)\s*+;?+(?:\{\})?+|throw 1;"
_CALL = rb"(?:typeof\s++%b*+\s*+===?\s*+['\"]function['\"]\s*+&&\s*+)?+%b*+\s*+\(" % (_NAME, _NAME)
_ASSIGNED = (
    rb"(?:export\s++default|(?:var|let|const)\s++%b*+\s*+=|%b++\s*+=|%b*+\s*+=(?=\s*+\[))"
    % (
        _NAME,
        _NAME,
        _NAME,
    )
)
_TEXT = rb"\"(?:[^\"\\\n]|\\.)*+\""
_LINE_OF_TEXTS = rb"\[\s*+%b(?:\s*+,\s*+%b)*+\s*+\]\s*+\[" % (_TEXT, _TEXT)
_FIRST_NAME = rb"[\"}]|'[^'\n]*+'\s*+:|[A-Za-z_$][\w$]*+\s*+:"
_SCALAR = rb"(?:%b|-?+\d[\d.eE+-]*+|true|false|null)%b" % (_TEXT, _GAP)
# A list of values, up to its end or to the end of what is seen: `[1] x` and `[1], x` are none.
_SCALARS = rb"\[%(gap)b(?:%(one)b,%(gap)b)*+(?:[{\[]|%(one)b\][ \t\r]*+(?:\)|\s*+\Z|\n\s*+\[))" % {
    b"gap": _GAP,
    b"one": _SCALAR,
}
_MANY_SCALARS = (
    rb"\[%(gap)b(?:%(one)b,%(gap)b)++(?:[^\]\[{}\n\"]*+|\"(?:[^\"\\\n]|\\.)*+\\?+)\Z"
    % {
        b"gap": _GAP,
        b"one": _SCALAR,
    }
)
# JSON in a text of JSON, alone on a line.
_INNER_GAP = rb"(?:\s|\\[nrt])*+"
_QUOTED_JSON = (
    rb"\"%(gap)b(?:\[%(gap)b)?\{%(gap)b\\\"(?:[^\"\\\n]|\\[^\n])*+(?:\"[ \t\r]*+(?:\n|\Z)|\Z)"
) % {b"gap": _INNER_GAP}
_VALUES = (
    rb"%(quoted)b|%(scalars)b|\[%(gap)b[{\[\]]|%(line)b|"
    rb"(?:\x1e%(gap)b|(?:null\s++)++)?+\{%(gap)b(?:%(name)b)"
) % {
    b"gap": _GAP,
    b"line": _LINE_OF_TEXTS,
    b"name": _FIRST_NAME,
    b"quoted": _QUOTED_JSON,
    b"scalars": _SCALARS + b"|" + _MANY_SCALARS,
}

# What phpMyAdmin writes before the tables of a database, which are objects around their rows.
_DUMP = (
    rb"\[\s*+\{\"type\":\s*+\"header\",[^{}]{0,2000}?PHPMyAdmin[^{}]*+\},\s*+"
    rb"(?:\{\"type\":\s*+\"database\",[^{}]*+\},\s*+)?+"
)
WRAPPER = rb"(?:%b|%b|%b|%b)%b" % (_GUARD, _CALL, _ASSIGNED, _DUMP, _GAP)
_FIELD = rb"(?:event|id|retry)?:[^\n]*+"
_EVENTS = rb"\s*+(?:(?:%b)?\n\s*+)*+data:[ \t]*+\{[ \t\r]*+(?:[\"}]|\n(?:%b\n)*+data:)" % (
    _FIELD,
    _FIELD,
)
EVENTS = re.compile(_EVENTS)  # of a server, each with JSON in it
JSON = re.compile(rb"%b(?:%b)?(?:%b)|%b" % (_GAP, WRAPPER, _VALUES, _EVENTS))
DUMP = re.compile(_DUMP)
BEFORE_JSON = re.compile(rb"(%b)((?:%b)?)(?=[\[{\x1e])" % (_GAP, WRAPPER))
# Names in angle brackets with a delimiter between them, above a line that begins with none.
# Elements may stand like that as well, but one of these ends before long.
_NAMES_OF_CSV = (
    rb"<([^<>\s]++)[^<>\n]*+>([,;|\t])<([^<>\s]++)[^<>\n]*+>(?:\2<[^<>\n]++>)*+[ \t\r]*+\n"
    rb"\s*+[^<\s](?!(?s:.*?)</(?:\1|\3)\s*+>)"
)
# A cell in angle brackets, with others behind it that hold none, and nothing that ends it.
_CELLS_OF_CSV = (
    rb"<(?P<cell>[^<>\s?!/]++)>[,;|\t](?=[^<\n]*+\n)[ \t]*+[^<\s](?!(?s:.*?)</(?P=cell)\s*+>)"
)
XML = re.compile(_SPACE + rb"*+(?!%b|%b)<[?!a-zA-Z_]" % (_NAMES_OF_CSV, _CELLS_OF_CSV))
