package io.lode.crashtest;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
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
    if (!model.thisClass().asInternalName().equals(className.replace('.', '/'))) {
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

  private boolean isMeant(MethodModel found) {
    return found.code().isPresent() && (method == null || found.methodName().equalsString(method));
  }
}
