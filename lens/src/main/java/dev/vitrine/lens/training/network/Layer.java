package dev.vitrine.lens.training.network;

import java.util.List;
import java.util.function.UnaryOperator;

/** One layer of a network to be built. */
public sealed interface Layer {
    void addTo(NetworkBuilder builder);

    /**
     * Its name in the network.
     *
     * @param number counts layers of a kind, for those without a name
     */
    String name(UnaryOperator<String> number);

    /**
     * @param spread see {@link NetworkBuilder#convolution(String, int, int, int, int, double)}
     */
    record Convolution(String name, int filters, int size, int stride, int pad, double spread) implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.convolution(name, filters, size, stride, pad, spread);
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return name;
        }
    }

    /** Fully connected. */
    record Full(String name, int units) implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.fullyConnected(name, units);
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return name;
        }
    }

    record MaxPool(int size, int stride, int pad) implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.maxPool(size, stride, pad);
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return number.apply("pool");
        }
    }

    record LocalResponse(int size) implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.localResponse(size);
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return number.apply("norm");
        }
    }

    record Dropout(double ratio) implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.dropout(ratio);
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return number.apply("dropout");
        }
    }

    record BatchNormalization() implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.batchNormalization();
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return number.apply("batchnorm");
        }
    }

    record Relu() implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.relu();
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return number.apply("relu");
        }
    }

    record MeanPool() implements Layer {
        @Override
        public void addTo(NetworkBuilder builder) {
            builder.meanPool();
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return number.apply("mean");
        }
    }

    /** y = x + f(x). */
    record Residual(String name, List<Layer> branch) implements Layer {
        public Residual {
            branch = List.copyOf(branch);
        }

        @Override
        public void addTo(NetworkBuilder builder) {
            builder.residual(name, inner -> branch.forEach(layer -> layer.addTo(inner)));
        }

        @Override
        public String name(UnaryOperator<String> number) {
            return name;
        }
    }
}
