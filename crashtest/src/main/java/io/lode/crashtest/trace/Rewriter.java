package io.lode.crashtest.trace;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Replaces each call that accesses memory by an {@code invokedynamic} with the same stack effect,
 * which {@link CallSites} links to the original call and a report of it.
 */
final class Rewriter {
  private static final String SEGMENT = "java/lang/foreign/MemorySegment";
  private static final String MAP = "io/lode/pmem/PmemMap";
  private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";
  private static final String LAYOUT = "java/lang/foreign/MemoryLayout";
  private static final String VALUE_LAYOUT = "java/lang/foreign/ValueLayout";
  private static final String THREAD = "java/lang/Thread";
  private static final String FILE_CHANNEL = "java/nio/channels/FileChannel";
  private static final String LOCKS = "java/util/concurrent/locks/";
  private static final String RANDOM = "java/security/SecureRandom";

  private static final Set<String> SEGMENT_CALLS =
      Set.of(
          "get",
          "set",
          "getAtIndex",
          "setAtIndex",
          "getString",
          "setString",
          "fill",
          "copyFrom",
          "copy",
          "mismatch",
          "toArray",
          "force",
          "asByteBuffer");
  private static final Set<String> FILE_CALLS = Set.of("open", "write", "force");
  private static final Set<String> MAP_CALLS = Set.of("flush", "drain", "persist", "copy", "fill");

  private static final DirectMethodHandleDesc LINK =
      MethodHandleDesc.ofMethod(
          DirectMethodHandleDesc.Kind.STATIC,
          CallSites.class.describeConstable().orElseThrow(),
          "link",
          MethodTypeDesc.of(
              ConstantDescs.CD_CallSite,
              ConstantDescs.CD_MethodHandles_Lookup,
              ConstantDescs.CD_String,
              ConstantDescs.CD_MethodType,
              ConstantDescs.CD_String,
              ConstantDescs.CD_String,
              ConstantDescs.CD_int,
              ConstantDescs.CD_int));

  /** The calls that store, flush or fence, by the start of their names. */
  private static final Pattern WRITING =
      Pattern.compile("(set|fill|copy|force|getAnd|compareAnd|weakCompare|flush|drain|persist).*");

  private final ClassFile classFile;
  private final Tracer tracer;

  Rewriter(ClassLoader parent, Tracer tracer) {
    this.tracer = tracer;
    classFile =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(parent)
                    .orElse(ClassHierarchyResolver.defaultResolver())
                    .cached()));
  }

  byte[] rewrite(byte[] bytes) {
    ClassModel model = classFile.parse(bytes);
    return classFile.transformClass(model, methods(model.thisClass().asSymbol()));
  }

  private ClassTransform methods(ClassDesc type) {
    return (builder, element) -> {
      if (element instanceof MethodModel method && method.code().isPresent()) {
        builder.transformMethod(
            method,
            (methodBuilder, part) -> {
              if (part instanceof CodeModel code) {
                methodBuilder.transformCode(
                    code, new Calls(tracer, type, method.methodName().stringValue()));
              } else {
                methodBuilder.with(part);
              }
            });
      } else {
        builder.with(element);
      }
    };
  }

  /** Rewrites the calls of one method. */
  private static final class Calls implements CodeTransform {
    private final Tracer tracer;
    private final String type;
    private final String method;
    private int line;

    Calls(Tracer tracer, ClassDesc type, String method) {
      this.tracer = tracer;
      String descriptor = type.descriptorString();
      this.type = descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
      this.method = method;
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      if (element instanceof LineNumber number) {
        line = number.line();
      }
      if (element instanceof InvokeInstruction call && isAccess(call)) {
        if (isWrite(call)) {
          tracer.loaded(new Site(type, method, line, call.name().stringValue()));
        }
        builder.invokedynamic(site(call));
      } else {
        builder.with(element);
      }
    }

    private DynamicCallSiteDesc site(InvokeInstruction call) {
      boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
      ClassDesc owner = call.owner().asSymbol();
      MethodTypeDesc type = call.typeSymbol();
      return DynamicCallSiteDesc.of(
          LINK,
          call.name().stringValue(),
          isStatic ? type : type.insertParameterTypes(0, owner),
          owner.descriptorString(),
          method,
          line,
          isStatic ? 1 : 0);
    }
  }

  /** Tells whether an access can change memory or what of it is durable. */
  private static boolean isWrite(InvokeInstruction call) {
    String owner = call.owner().asInternalName();
    return (owner.equals(SEGMENT) || owner.equals(MAP) || owner.equals(VAR_HANDLE))
        && WRITING.matcher(call.name().stringValue()).matches();
  }

  private static boolean isAccess(InvokeInstruction call) {
    String name = call.name().stringValue();
    if (call.owner().asInternalName().startsWith(LOCKS)) {
      return name.equals("lock") && call.typeSymbol().parameterCount() == 0;
    }
    return switch (call.owner().asInternalName()) {
      case SEGMENT -> SEGMENT_CALLS.contains(name);
      case MAP -> MAP_CALLS.contains(name);
      case FILE_CHANNEL -> FILE_CALLS.contains(name);
      case RANDOM -> name.startsWith("next");
      case THREAD -> name.equals("yield");
      case VAR_HANDLE -> {
        MethodTypeDesc type = call.typeSymbol();
        yield type.parameterCount() > 0
            && type.parameterType(0).descriptorString().equals("L" + SEGMENT + ";");
      }
      default -> isHandleFactory(call, name);
    };
  }

  private static boolean isHandleFactory(InvokeInstruction call, String name) {
    String owner = call.owner().asInternalName();
    return (name.equals("varHandle") || name.equals("arrayElementVarHandle"))
        && (owner.equals(LAYOUT)
            || owner.startsWith(VALUE_LAYOUT)
            || owner.startsWith("java/lang/foreign/"));
  }
}
