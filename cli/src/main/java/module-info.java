/** The lode command. */
@org.jspecify.annotations.NullMarked
module io.lode.cli {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires io.lode.kvstore;
  requires io.lode.numa;
  requires info.picocli;
  requires com.fasterxml.jackson.databind;
  requires com.sun.jna;

  opens io.lode.cli to
      info.picocli;
  opens io.lode.cli.bench to
      info.picocli;
  opens io.lode.cli.info to
      info.picocli,
      com.fasterxml.jackson.databind;
  opens io.lode.cli.kv to
      info.picocli,
      com.fasterxml.jackson.databind;
  opens io.lode.cli.numa to
      info.picocli,
      com.fasterxml.jackson.databind;
  opens io.lode.cli.demo to
      info.picocli,
      com.fasterxml.jackson.databind;
  opens io.lode.cli.console to
      info.picocli;
}
