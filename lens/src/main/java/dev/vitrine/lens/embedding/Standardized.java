package dev.vitrine.lens.embedding;

/** Codes standardized on reading. */
public final class Standardized {
    private Standardized() {}

    /** Each column with mean 0 and variance 1, by divisor n - 1; a constant column is 0. */
    public static Codes columns(Codes codes) {
        double[] mean = Moments.mean(codes);
        double[] squares = new double[mean.length];
        for (int from = 0; from < codes.rows(); from += codes.piece()) {
            double[] part = codes.read(from, Math.min(codes.rows(), from + codes.piece()));
            for (int index = 0; index < part.length; index++) {
                double apart = part[index] - mean[index % mean.length];
                squares[index % mean.length] += apart * apart;
            }
        }
        double[] scale = new double[mean.length];
        for (int column = 0; column < scale.length; column++) {
            scale[column] = squares[column] > 0 ? Math.sqrt((codes.rows() - 1) / squares[column]) : 0;
        }
        return changed(codes, part -> {
            for (int index = 0; index < part.length; index++) {
                part[index] = (part[index] - mean[index % mean.length]) * scale[index % mean.length];
            }
        });
    }

    /** Each row scaled to length 1; a row of zeros is unchanged. */
    public static Codes rows(Codes codes) {
        int columns = codes.columns();
        return changed(codes, part -> {
            for (int from = 0; from < part.length; from += columns) {
                double squares = 0;
                for (int column = 0; column < columns; column++) {
                    squares += part[from + column] * part[from + column];
                }
                for (int column = 0; column < columns && squares > 0; column++) {
                    part[from + column] /= Math.sqrt(squares);
                }
            }
        });
    }

    private interface Change {
        void to(double[] part);
    }

    private static Codes changed(Codes codes, Change change) {
        return new Codes() {
            @Override
            public int rows() {
                return codes.rows();
            }

            @Override
            public int columns() {
                return codes.columns();
            }

            @Override
            public double[] read(int from, int to) {
                double[] part = codes.read(from, to);
                change.to(part);
                return part;
            }

            @Override
            public String content() {
                return codes.content();
            }
        };
    }
}
