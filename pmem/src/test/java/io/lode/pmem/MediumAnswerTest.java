package io.lode.pmem;

import static io.lode.pmem.SystemFixture.fileOf;
import static io.lode.pmem.SystemFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of real mounts. */
class MediumAnswerTest {
  @TempDir Path folder;

  private GranularityReport mounted(String... options) throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    String[] command = new String[options.length + 3];
    command[0] = "mount";
    System.arraycopy(options, 0, command, 1, options.length);
    command[options.length + 1] = "none";
    command[options.length + 2] = mount.toString();
    run(command);
    try (Source source = Source.of(fileOf(mount, "file", 4096))) {
      GranularityReport answer = source.granularity();
      assertThat(answer.granularity()).isEqualTo(Granularity.PAGE);
      assertThat(answer.reason()).contains("MAP_SYNC");
      return answer;
    } finally {
      run("umount", "-l", mount.toString());
    }
  }

  @Test
  void memoryIsLost() throws Exception {
    assertThat(mounted("-t", "ramfs").durability()).contains("ramfs", "nothing survives");
  }

  @Test
  void overlayIsNotKnown() throws Exception {
    // An overlay cannot stand on an overlay: its layers are on a tmpfs.
    Path layers = Files.createDirectory(folder.resolve("layers"));
    run("mount", "-t", "tmpfs", "none", layers.toString());
    try {
      for (String layer : new String[] {"lower", "upper", "work"}) {
        Files.createDirectory(layers.resolve(layer));
      }
      String options =
          "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(layers);
      assertThat(mounted("-t", "overlay", "-o", options).durability())
          .contains("overlay", "not known");
    } finally {
      run("umount", "-l", layers.toString());
    }
  }
}
