package io.lode.crashtest;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/** Faults within a method, as changes of its code. */
final class CodeChanges {
  private static final ClassDesc ARRAYS = Arrays.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc FILL =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          ConstantDescs.CD_byte.arrayType(),
          ConstantDescs.CD_int,
          ConstantDescs.CD_int,
          ConstantDescs.CD_byte);
  private static final MethodTypeDesc COPY =
      MethodTypeDesc.of(
          ConstantDescs.CD_byte.arrayType(),
          ConstantDescs.CD_byte.arrayType(),
          ConstantDescs.CD_int,
          ConstantDescs.CD_int);

  private CodeChanges() {}

  /** Replaces the body by the return of a constant: null for an object. */
  static CodeTransform constantResult(MethodModel method, int value) {
    TypeKind kind = TypeKind.from(method.methodTypeSymbol().returnType());
    return new CodeTransform() {
      @Override
      public void atStart(CodeBuilder builder) {
        switch (kind) {
          case VOID -> builder.return_();
          case LONG -> builder.loadConstant((long) value).lreturn();
          case REFERENCE -> builder.aconst_null().areturn();
          default -> builder.loadConstant(value).ireturn();
        }
      }

      @Override
      public void accept(CodeBuilder builder, CodeElement element) {
        // The original body is dropped.
      }
    };
  }

  /** Masks the int that is returned. */
  static CodeTransform maskedResult(int mask) {
    return (builder, element) -> {
      if (element instanceof ReturnInstruction) {
        builder.loadConstant(mask).iand();
      }
      builder.with(element);
    };
  }

  /** Fixes the value of a parameter. */
  static CodeTransform constantParameter(MethodModel method, int index, int value) {
    TypeKind kind = TypeKind.from(method.methodTypeSymbol().parameterType(index));
    return new CodeTransform() {
      @Override
      public void atStart(CodeBuilder builder) {
        if (kind == TypeKind.LONG) {
          builder.loadConstant((long) value);
        } else {
          builder.loadConstant(value);
        }
        builder.storeLocal(kind, builder.parameterSlot(index));
      }

      @Override
      public void accept(CodeBuilder builder, CodeElement element) {
        builder.with(element);
      }
    };
  }

  /** Fixes the outcome of a comparison: the jump is always taken, or never. */
  static CodeTransform constantBranch(int wanted, boolean jumps) {
    return new CodeTransform() {
      private int seen;

      @Override
      public void accept(CodeBuilder builder, CodeElement element) {
        boolean isMeant =
            element instanceof BranchInstruction branch
                && branch.opcode() != Opcode.GOTO
                && branch.opcode() != Opcode.GOTO_W
                && seen++ == wanted;
        if (!isMeant) {
          builder.with(element);
          return;
        }
        BranchInstruction branch = (BranchInstruction) element;
        String name = branch.opcode().name();
        if (name.startsWith("IF_ICMP") || name.startsWith("IF_ACMP")) {
          builder.pop2();
        } else {
          builder.pop();
        }
        if (jumps) {
          builder.goto_(branch.target());
        }
      }

      @Override
      public void atEnd(CodeBuilder builder) {
        if (seen <= wanted) {
          throw new IllegalArgumentException(
              "no comparison " + wanted + ", there are " + seen + " in the method");
        }
      }
    };
  }

  /** Neither takes nor releases locks. */
  static CodeTransform withoutLocks() {
    return (builder, element) -> {
      if (element instanceof InvokeInstruction call
          && call.owner().asInternalName().startsWith("java/util/concurrent/locks/")
          && (call.name().equalsString("lock") || call.name().equalsString("unlock"))) {
        builder.pop();
      } else {
        builder.with(element);
      }
    };
  }

  /**
   * Makes calls of a checksum method that takes an array, an offset and a length see zeros in a
   * field, which is given by its distance from the offset.
   */
  static CodeTransform withoutField(String owner, String checksum, int from, int length) {
    return (builder, element) -> {
      if (element instanceof InvokeInstruction call
          && call.owner().asInternalName().equals(owner.replace('.', '/'))
          && call.name().equalsString(checksum)) {
        int count = builder.allocateLocal(TypeKind.INT);
        int offset = builder.allocateLocal(TypeKind.INT);
        int array = builder.allocateLocal(TypeKind.REFERENCE);
        builder.istore(count).istore(offset);
        builder.iload(offset).iload(offset).iload(count).iadd();
        builder.invokestatic(ARRAYS, "copyOfRange", COPY).astore(array);
        builder.aload(array).loadConstant(from).loadConstant(from + length).iconst_0();
        builder.invokestatic(ARRAYS, "fill", FILL);
        builder.aload(array).iconst_0().iload(count);
      }
      builder.with(element);
    };
  }
}
