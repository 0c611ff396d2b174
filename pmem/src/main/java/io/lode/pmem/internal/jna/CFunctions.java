package io.lode.pmem.internal.jna;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls the functions of a C library through JNA, by their addresses.
 *
 * <p>Nothing of it is registered with JNA's cleaner, whose thread would otherwise live as long as a
 * library that JNA has opened, and with the thread the class loader of JNA, and the one that was
 * its creator's context: an application server could never unload an application. That also means
 * no strings as arguments; they are byte arrays that end with a zero byte.
 *
 * <p>A library that was opened stays open until the process ends.
 */
final class CFunctions implements InvocationHandler {
  private static final int RTLD_NOW = 2; // bits/dlfcn.h
  private static final String ENCODING = StandardCharsets.UTF_8.name();

  private final String name;
  private final Map<Method, Function> functions = new HashMap<>();

  private CFunctions(String name, Class<?> type, Symbols symbols) {
    this.name = name;
    for (Method method : type.getMethods()) {
      symbols
          .address(method.getName())
          .ifPresent(address -> functions.put(method, function(address)));
    }
  }

  /** Finds functions by name. */
  private interface Symbols {
    Optional<Pointer> address(String name);
  }

  /**
   * Binds the C library.
   *
   * @param type an interface whose methods are named as the functions
   * @throws LinkageError if JNA cannot be loaded
   */
  static <T> T ofProcess(Class<T> type) {
    requireJna();
    return bind("libc", type, CFunctions::ofProcess);
  }

  /**
   * Binds another library.
   *
   * @param name its name or path, as {@code dlopen(3)} takes it
   * @param type an interface whose methods are named as the functions
   * @throws UnsatisfiedLinkError if it cannot be loaded
   * @throws LinkageError if JNA cannot be loaded
   */
  static <T> T ofLibrary(String name, Class<T> type) {
    requireJna();
    long library = processFunction("dlopen").invokeLong(new Object[] {bytes(name), RTLD_NOW});
    if (library == 0) {
      throw new UnsatisfiedLinkError(processFunction("dlerror").invokeString(new Object[0], false));
    }
    Function dlsym = processFunction("dlsym");
    return bind(
        name,
        type,
        symbol -> Optional.ofNullable(dlsym.invokePointer(new Object[] {library, bytes(symbol)})));
  }

  /**
   * Loads JNA's own library now, where a refusal is caught, and not at the first call.
   *
   * @throws LinkageError if that is not possible
   */
  private static void requireJna() {
    try {
      if (Native.LONG_SIZE != Long.BYTES) {
        throw new UnsatisfiedLinkError("only 64-bit Linux is supported");
      }
    } catch (ExceptionInInitializerError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new LinkageError(
          "JNA cannot load its own library, which it unpacks to a folder first: give it one that may"
              + " be written and executed from, java -Djna.tmpdir=FOLDER ("
              + root(e)
              + ")",
          e);
    }
  }

  private static Throwable root(Throwable e) {
    Throwable t = e;
    while (t.getCause() != null) {
      t = t.getCause();
    }
    return t;
  }

  private static <T> T bind(String name, Class<T> type, Symbols symbols) {
    var handler = new CFunctions(name, type, symbols);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Optional<Pointer> ofProcess(String symbol) {
    SymbolLookup process = Linker.nativeLinker().defaultLookup();
    return process.find(symbol).map(MemorySegment::address).map(Pointer::new);
  }

  private static Function processFunction(String name) {
    return function(
        ofProcess(name).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name)));
  }

  private static Function function(Pointer address) {
    return Function.getFunction(address, Function.C_CONVENTION, ENCODING);
  }

  private static byte[] bytes(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the binding of a library equals itself alone
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
    Function function = functions.get(method);
    if (function != null) {
      Object[] passed = arguments == null ? new Object[0] : arguments;
      return function.invoke(method.getReturnType(), passed);
    }
    if (method.getDeclaringClass() != Object.class) {
      throw new UnsatisfiedLinkError(name + " has no " + method.getName());
    }
    return switch (method.getName()) {
      case "toString" -> "functions of " + name;
      case "hashCode" -> System.identityHashCode(proxy);
      default -> arguments != null && proxy == arguments[0];
    };
  }
}
