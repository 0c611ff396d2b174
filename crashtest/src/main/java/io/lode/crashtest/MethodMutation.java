package io.lode.crashtest;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ReturnInstruction;
import java.util.function.UnaryOperator;

/**
 * Changes what a method returns: masked if there is a mask, else a constant.
 *
 * @param className the class, with its package
 * @param method the methods' name
 * @param mask the bits of the result that are kept, 0 to replace the whole body
 * @param value the constant
 */
record MethodMutation(String className, String method, int mask, int value)
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
                  if (!(part instanceof CodeModel code)) {
                    methodBuilder.with(part);
                  } else if (mask == 0) {
                    methodBuilder.withCode(body -> constant(body, found));
                  } else {
                    methodBuilder.transformCode(
                        code,
                        (body, instruction) -> {
                          if (instruction instanceof ReturnInstruction) {
                            body.loadConstant(mask).iand();
                          }
                          body.with(instruction);
                        });
                  }
                });
          } else {
            builder.with(element);
          }
        });
  }

  private boolean isMeant(MethodModel found) {
    return found.methodName().equalsString(method) && found.code().isPresent();
  }

  private void constant(CodeBuilder body, MethodModel found) {
    TypeKind kind = TypeKind.from(found.methodTypeSymbol().returnType());
    switch (kind) {
      case VOID -> body.return_();
      case LONG -> body.loadConstant((long) value).lreturn();
      case REFERENCE -> body.aconst_null().areturn();
      default -> body.loadConstant(value).ireturn();
    }
  }
}
