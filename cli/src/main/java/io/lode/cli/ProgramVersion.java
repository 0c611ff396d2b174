package io.lode.cli;

import picocli.CommandLine.IVersionProvider;

/** Says which version this is, and on what it runs. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "lode " + (version == null ? "(not from a jar)" : version),
      System.getProperty("java.vm.name")
          + " "
          + Runtime.version()
          + " on "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }
}
