package io.lode.cli;

import picocli.CommandLine.IVersionProvider;

/** Provides the version of this program and of what it runs on. */
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
