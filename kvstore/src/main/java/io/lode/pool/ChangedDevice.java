package io.lode.pool;

import io.lode.pmem.Source;
import io.lode.pmem.SourceKind;
import java.util.Optional;
import java.util.UUID;

/** What became of the device below an open pool that is no longer found there. */
final class ChangedDevice {
  private static final String DRIVER_THAT_MAPS = "device_dax";
  private static final String SYSTEM_RAM_DRIVER = "kmem";

  private ChangedDevice() {}

  /**
   * Asks the kernel what the device is now.
   *
   * @param source the device, as it was opened
   * @param namespace the uuid of its namespace then, {@link DeviceState#NO_NAMESPACE} if unknown
   * @return what it is and what to do; empty if it is what it was, as far as the kernel says
   */
  static Optional<String> of(Source source, UUID namespace) {
    if (source.kind() == SourceKind.DEVDAX) {
      Optional<String> driver = source.driver();
      if (!driver.equals(Optional.of(DRIVER_THAT_MAPS))) {
        return Optional.of("while the pool was open here, its device " + now(driver));
      }
    }
    UUID now = DeviceState.namespace(source);
    if (now.equals(DeviceState.NO_NAMESPACE)
        || namespace.equals(DeviceState.NO_NAMESPACE)
        || now.equals(namespace)) {
      return Optional.empty();
    }
    return Optional.of(
        "while the pool was open here, its device became another namespace: it was "
            + namespace
            + " and is "
            + now
            + ". Close the store, and look for the pool by its id");
  }

  private static String now(Optional<String> driver) {
    if (driver.isEmpty()) {
      return "was taken from its driver: no driver has it any more, so its namespace was disabled"
          + " or destroyed. Close the store; enable the namespace again (ndctl enable-namespace,"
          + " daxctl enable-device), and open the pool by its id";
    }
    if (driver.get().equals(SYSTEM_RAM_DRIVER)) {
      return "was made system RAM (driver kmem): the kernel may have given its memory away already."
          + " Close the store; make it a devdax device again (daxctl reconfigure-device -f -m"
          + " devdax), and check the pool before it is used";
    }
    return "was given to the driver "
        + driver.get()
        + ", which cannot map it. Close the store; give it back to device_dax, and open the pool"
        + " again";
  }
}
