# Reads JUnit XML reports (Surefire's or the console launcher's) and prints one tab-separated line per test:
#   passed|failed|skipped  class.method  message  how to run it alone
# A record is what follows a "<", so no line structure is assumed; text inside CDATA is passed over, because a test may
# print anything there.
BEGIN { RS = "<"; FS = "\001" }

function attribute(tag, name,    from, rest) {
  from = match(tag, "[ \n\t]" name "=\"")
  if (!from) return ""
  rest = substr(tag, RSTART + RLENGTH)
  rest = substr(rest, 1, index(rest, "\"") - 1)
  gsub(/&#(10|13|9|xa|xA|xd|x9);|[\n\t]/, " ", rest)
  gsub(/&lt;/, "<", rest); gsub(/&gt;/, ">", rest); gsub(/&quot;/, "\"", rest); gsub(/&apos;/, "'", rest)
  gsub(/&amp;/, "\\&", rest)
  return rest
}

function finish() {
  if (test != "") print outcome "\t" test "\t" message "\t" "./check " alone
  test = ""
}

FNR == 1 { inside = 0 }
inside { if (index($0, "]]>")) inside = 0; next }
/^!\[CDATA\[/ {
  inside = !index($0, "]]>")
  if (expected) { split(substr($0, 9), line, /\n|\]\]>/); message = line[1]; expected = 0 }
  next
}
{ expected = 0 }
/^testcase[ \n\t]/ {
  finish()
  class = attribute($0, "classname"); method = attribute($0, "name"); outcome = "passed"; message = ""
  test = class "." method
  # Nested classes and parameters are no part of a name that Maven takes.
  alone = class; sub(/.*[.]/, "", alone); sub(/[$].*/, "", alone)
  if (match(method, /^[A-Za-z_0-9]+/)) alone = alone "#" substr(method, 1, RLENGTH)
}
/^(failure|error)[ \n\t>\/]/ && test != "" { outcome = "failed"; message = attribute($0, "type") ": " attribute($0, "message") }
/^skipped[ \n\t>\/]/ && test != "" { outcome = "skipped"; message = attribute($0, "message") }
# Without a message attribute the first line of the stack trace says most.
/^(failure|error|skipped)[ \n\t>]/ { expected = attribute($0, "message") == "" }
/^\/testsuite>/ { finish() }
END { finish() }
