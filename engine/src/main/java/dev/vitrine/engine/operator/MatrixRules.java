package dev.vitrine.engine.operator;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** Gradients of matrix products. */
final class MatrixRules {
    private MatrixRules() {}

    /** Of Y = A·B: dA = dY·Bᵀ, dB = Aᵀ·dY, summed over the batch axes along which either was broadcast. */
    static InputGradients matMul(Node node, List<Value> gradients, BackwardContext c) {
        Value a = node.input(0);
        Value b = node.input(1);
        int rankA = c.rank(a);
        int rankB = c.rank(b);
        if (rankA < 2 || rankB < 2) {
            throw c.unsupported(
                    "operands of rank " + rankA + " and " + rankB,
                    "two or more axes each",
                    "Unsqueeze the vector before the product");
        }
        Value gradient = gradients.get(0);
        List<Dimension> out = c.type(node.output()).dimensions();
        List<Dimension> batch = out.subList(0, out.size() - 2);
        Value da = Value.NONE;
        Value db = Value.NONE;
        if (c.wants(0)) {
            Value product = c.node("MatMul", gradient, swapLast(b, rankB, c));
            da = c.unbroadcast(
                    product, join(batch, c.type(a).dimension(-2), c.type(a).dimension(-1)), a);
        }
        if (c.wants(1)) {
            if (rankB == 2 && rankA > 2) {
                Value rows = c.reshape(a, -1, c.size(a, -1));
                Value columns = c.reshape(gradient, -1, c.size(b, -1));
                db = c.node("MatMul", c.transpose(rows, 1, 0), columns);
            } else {
                Value product = c.node("MatMul", swapLast(a, rankA, c), gradient);
                db = c.unbroadcast(
                        product, join(batch, c.type(b).dimension(-2), c.type(b).dimension(-1)), b);
            }
        }
        return InputGradients.of(da, db);
    }

    private static List<Dimension> join(List<Dimension> batch, Dimension rows, Dimension columns) {
        List<Dimension> all = new ArrayList<>(batch);
        all.add(rows);
        all.add(columns);
        return all;
    }

    private static Value swapLast(Value value, int rank, BackwardContext c) {
        long[] permutation = new long[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = i;
        }
        permutation[rank - 1] = rank - 2L;
        permutation[rank - 2] = rank - 1L;
        return c.transpose(value, permutation);
    }

    /** Of Y = α A'·B' + β C, where ' is an optional transposition. */
    static InputGradients gemm(Node node, List<Value> gradients, BackwardContext c) {
        Attributes attributes = node.attributes();
        long transA = attributes.integer("transA", 0);
        long transB = attributes.integer("transB", 0);
        float alpha = attributes.real("alpha", 1f);
        float beta = attributes.real("beta", 1f);
        Value a = node.input(0);
        Value b = node.input(1);
        Value gradient = gradients.get(0);
        Value da = Value.NONE;
        Value db = Value.NONE;
        Value dc = Value.NONE;
        if (c.wants(0)) {
            da = transA == 0
                    ? product(gradient, 0, b, 1 - transB, alpha, c)
                    : product(b, transB, gradient, 1, alpha, c);
        }
        if (c.wants(1)) {
            db = transB == 0
                    ? product(a, 1 - transA, gradient, 0, alpha, c)
                    : product(gradient, 1, a, transA, alpha, c);
        }
        if (node.input(2).isPresent() && c.wants(2)) {
            Value scaled = beta == 1f ? gradient : c.multiply(gradient, beta);
            dc = c.unbroadcast(scaled, node.output(), node.input(2));
        }
        return InputGradients.of(da, db, dc);
    }

    private static Value product(Value a, long transA, Value b, long transB, float alpha, BackwardContext c) {
        Attributes attributes =
                Attributes.NONE.with("transA", transA).with("transB", transB).with("alpha", alpha);
        return c.node("Gemm", attributes, a, b);
    }

    /** Of Y = einsum(X₁, X₂, …): dXᵢ = einsum(dY, the others), where each index of Xᵢ occurs in one of those. */
    static InputGradients einsum(Node node, List<Value> gradients, BackwardContext c) {
        String equation = node.attributes().text("equation", "").replace(" ", "");
        String[] sides = equation.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        if (equation.contains(".") || sides.length != 2) {
            throw c.unsupported(
                    "equation '" + equation + "'",
                    "an explicit '->' and no ellipsis",
                    "Write out every index and the result");
        }
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < terms.length; i++) {
            results.add(c.wants(i) ? einsumGradient(node, gradients.get(0), terms, sides[1], i, c) : Value.NONE);
        }
        return new InputGradients(results);
    }

    private static Value einsumGradient(
            Node node, Value gradient, String[] terms, String result, int index, BackwardContext c) {
        StringBuilder equation = new StringBuilder(result);
        List<Value> operands = new ArrayList<>(List.of(gradient));
        for (int i = 0; i < terms.length; i++) {
            if (i != index) {
                equation.append(',').append(terms[i]);
                operands.add(node.input(i));
            }
        }
        String known = equation.toString();
        boolean covered = terms[index].chars().allMatch(letter -> known.indexOf(letter) >= 0);
        boolean distinct = terms[index].chars().distinct().count() == terms[index].length();
        if (!covered || !distinct) {
            throw c.unsupported(
                    "term '" + terms[index] + "' with an index that is repeated or only summed over",
                    "a product of matrices",
                    "Sum with ReduceSum first");
        }
        equation.append("->").append(terms[index]);
        return c.node("Einsum", Attributes.NONE.with("equation", equation.toString()), operands.toArray(Value[]::new));
    }
}
