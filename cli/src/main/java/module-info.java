/** The lode command. */
@org.jspecify.annotations.NullMarked
module io.lode.cli {
  requires static org.jspecify;
  requires io.lode.kvstore;
  requires io.lode.numa;
  requires info.picocli;
  requires com.fasterxml.jackson.databind;

  opens io.lode.cli to
      info.picocli,
      com.fasterxml.jackson.databind;
}
