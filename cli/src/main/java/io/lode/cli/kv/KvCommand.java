package io.lode.cli.kv;

import io.lode.cli.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code lode kv}, the group of commands on a pool. */
@Command(
    name = "kv",
    synopsisSubcommandLabel = "COMMAND",
    description = "Create and use a persistent key-value store.",
    footer = {
      "",
      "POOL is a file, on any file system, or a devdax device.",
      "",
      "Example:",
      "  lode kv create notes.pool --size 64M",
      "  lode kv load notes.pool ~/notes",
      "  lode kv scan notes.pool --keys --limit 10"
    })
public final class KvCommand {
  private KvCommand() {}

  /**
   * Builds the group.
   *
   * @param console the console for the output of its commands
   * @return the command line of the group
   */
  public static CommandLine withSubcommands(Console console) {
    return new CommandLine(new KvCommand())
        .addSubcommand(new CreateCommand(console))
        .addSubcommand(new PutCommand(console))
        .addSubcommand(new GetCommand(console))
        .addSubcommand(new DeleteCommand(console))
        .addSubcommand(new ScanCommand(console))
        .addSubcommand(new LoadCommand(console))
        .addSubcommand(new CopyCommand(console))
        .addSubcommand(new StatCommand(console))
        .addSubcommand(new CompactCommand(console))
        .addSubcommand(new GrowCommand(console))
        .addSubcommand(new CheckCommand(console));
  }
}
