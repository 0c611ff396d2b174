package io.lode.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The top-level command. */
@Command(
    name = "lode",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = ProgramVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Inspect persistent memory, and use a key-value store on it.",
    footer = {
      "",
      "Example:",
      "  lode info /dev/dax0.0",
      "  lode kv create notes.pool --size 64M",
      "  lode kv put notes.pool greeting hello",
      "  lode kv get notes.pool greeting"
    })
final class LodeCommand {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure (also: LODE_DEBUG=1).")
  boolean debug;
}
