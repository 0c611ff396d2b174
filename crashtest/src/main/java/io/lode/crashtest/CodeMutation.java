package io.lode.crashtest;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes the code of all methods of one name in a class.
 *
 * @param className the class, with its package
 * @param method the methods' name, null for all
 * @param change creates the change for one method; any state it keeps belongs to that method
 */
record CodeMutation(
    String className, @Nullable String method, Function<MethodModel, CodeTransform> change)
    implements UnaryOperator<byte[]> {
  @Override
  public byte[] apply(byte[] bytes) {
    ClassFile classFile = ClassFile.of();
    ClassModel model = classFile.parse(bytes);
    if (!names(model)) {
      return bytes;
    }
    if (model.methods().stream().noneMatch(this::isMeant)) {
      throw new IllegalArgumentException("no method " + method + " in " + className);
    }
    return classFile.transformClass(
        model,
        (builder, element) -> {
          if (element instanceof MethodModel found && isMeant(found)) {
            builder.transformMethod(
                found,
                (methodBuilder, part) -> {
                  if (part instanceof CodeModel code) {
                    methodBuilder.transformCode(code, change.apply(found));
                  } else {
                    methodBuilder.with(part);
                  }
                });
          } else {
            builder.with(element);
          }
        });
  }

  private boolean names(ClassModel model) {
    return model.thisClass().asInternalName().equals(className.replace('.', '/'));
  }

  /** Whether a class is the one to be changed. */
  boolean names(byte[] bytes) {
    return names(ClassFile.of().parse(bytes));
  }

  /** Whether the class named comes out different. */
  boolean changes(byte[] bytes) {
    var unchanged = new CodeMutation(className, method, _ -> CodeTransform.ACCEPT_ALL);
    return !Arrays.equals(apply(bytes), unchanged.apply(bytes));
  }

  private boolean isMeant(MethodModel found) {
    return found.code().isPresent() && (method == null || found.methodName().equalsString(method));
  }
}
