package dev.vitrine.engine.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Matrix products and Einsum. */
final class Products {
    private Products() {}

    /** {@code y[yAt..] = a[aAt..] · b[bAt..]} for matrices [rows, inner] and [inner, columns]. */
    private static void multiply(
            double[] a, int aAt, double[] b, int bAt, double[] y, int yAt, int rows, int inner, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < inner; k++) {
                double factor = a[aAt + i * inner + k];
                int row = bAt + k * columns;
                int target = yAt + i * columns;
                for (int j = 0; j < columns; j++) {
                    y[target + j] += factor * b[row + j];
                }
            }
        }
    }

    static NDArray gemm(Call call) {
        NDArray a = call.flag("transA", 0) ? call.in(0).transpose(1, 0) : call.in(0);
        NDArray b = call.flag("transB", 0) ? call.in(1).transpose(1, 0) : call.in(1);
        double alpha = call.real("alpha", 1);
        double beta = call.real("beta", 1);
        long[] shape = {a.dimension(0), b.dimension(1)};
        if (a.dimension(1) != b.dimension(0)) {
            throw call.error("cannot multiply " + a + " by " + b);
        }
        double[] y = new double[NDArray.count(shape)];
        multiply(a.data(), 0, b.data(), 0, y, 0, a.dimension(0), a.dimension(1), b.dimension(1));
        double[] c = call.has(2) ? call.in(2).expand(shape).data() : new double[y.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = alpha * y[i] + beta * c[i];
        }
        return new NDArray(y, shape);
    }

    static NDArray matMul(Call call) {
        NDArray a = call.in(0);
        NDArray b = call.in(1);
        if (a.rank() == 1) {
            a = a.reshape(1, a.size());
        }
        if (b.rank() == 1) {
            b = b.reshape(b.size(), 1);
        }
        int rows = a.dimension(-2);
        int inner = a.dimension(-1);
        int columns = b.dimension(-1);
        if (inner != b.dimension(-2)) {
            throw call.error("cannot multiply " + a + " by " + b);
        }
        long[] batch =
                NDArray.broadcast(Arrays.copyOf(a.shape(), a.rank() - 2), Arrays.copyOf(b.shape(), b.rank() - 2));
        a = a.expand(matrices(batch, rows, inner));
        b = b.expand(matrices(batch, inner, columns));
        double[] y = new double[NDArray.count(matrices(batch, rows, columns))];
        for (int i = 0; i < NDArray.count(batch); i++) {
            multiply(
                    a.data(),
                    i * rows * inner,
                    b.data(),
                    i * inner * columns,
                    y,
                    i * rows * columns,
                    rows,
                    inner,
                    columns);
        }
        List<Long> shape = new ArrayList<>();
        Arrays.stream(batch).forEach(shape::add);
        if (call.in(0).rank() > 1) {
            shape.add((long) rows);
        }
        if (call.in(1).rank() > 1) {
            shape.add((long) columns);
        }
        return new NDArray(y, shape.stream().mapToLong(Long::longValue).toArray());
    }

    private static long[] matrices(long[] batch, int rows, int columns) {
        long[] shape = Arrays.copyOf(batch, batch.length + 2);
        shape[batch.length] = rows;
        shape[batch.length + 1] = columns;
        return shape;
    }

    /** One loop over every label of the equation: those of the result first, then those summed over. */
    static NDArray einsum(Call call) {
        String equation = call.text("equation", "").replace(" ", "");
        String[] sides = equation.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        List<NDArray> operands = call.all();
        int ellipsis = 0;
        for (int i = 0; i < terms.length; i++) {
            if (terms[i].contains("...")) {
                ellipsis = Math.max(ellipsis, operands.get(i).rank() - (terms[i].length() - 3));
            }
        }
        for (int i = 0; i < terms.length; i++) {
            terms[i] = terms[i].replace("...", dots(operands.get(i).rank() - (terms[i].length() - 3)));
        }
        String result = sides.length > 1 ? sides[1].replace("...", dots(ellipsis)) : implicit(terms, ellipsis);
        Map<Character, Long> sizes = new LinkedHashMap<>();
        for (char label : result.toCharArray()) {
            sizes.put(label, 1L);
        }
        for (int i = 0; i < terms.length; i++) {
            for (int axis = 0; axis < terms[i].length(); axis++) {
                sizes.merge(terms[i].charAt(axis), operands.get(i).shape()[axis], Math::max);
            }
        }
        List<Character> labels = List.copyOf(sizes.keySet());
        long[] loop = sizes.values().stream().mapToLong(Long::longValue).toArray();
        double[] products = new double[NDArray.count(loop)];
        Arrays.fill(products, 1);
        for (int i = 0; i < terms.length; i++) {
            int[] offsets = NDArray.walk(loop, strides(terms[i], operands.get(i), labels), 0);
            for (int j = 0; j < products.length; j++) {
                products[j] *= operands.get(i).data()[offsets[j]];
            }
        }
        long[] shape = Arrays.copyOf(loop, result.length());
        NDArray y = NDArray.zeros(shape);
        int[] targets = NDArray.walk(loop, strides(result, y, labels), 0);
        for (int j = 0; j < products.length; j++) {
            y.data()[targets[j]] += products[j];
        }
        return y;
    }

    /** Digits stand for the axes of an ellipsis, counted from the last, so that operands of other ranks align. */
    private static String dots(int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = count - 1; i >= 0; i--) {
            digits.append((char) ('0' + i));
        }
        return digits.toString();
    }

    private static String implicit(String[] terms, int ellipsis) {
        String all = String.join("", terms);
        StringBuilder result = new StringBuilder(dots(ellipsis));
        for (int label : new TreeSet<>(all.chars().boxed().toList())) {
            if (Character.isLetter(label)
                    && all.chars().filter(other -> other == label).count() == 1) {
                result.append((char) label);
            }
        }
        return result.toString();
    }

    private static long[] strides(String term, NDArray operand, List<Character> labels) {
        long[] strides = new long[labels.size()];
        for (int axis = 0; axis < term.length(); axis++) {
            if (operand.shape()[axis] != 1) {
                strides[labels.indexOf(term.charAt(axis))] += operand.strides()[axis];
            }
        }
        return strides;
    }
}
