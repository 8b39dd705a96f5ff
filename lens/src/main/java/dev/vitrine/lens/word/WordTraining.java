package dev.vitrine.lens.word;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Word vectors by a network with one hidden layer that predicts a word from its neighbors (word2vec). Mikolov et al.
 * 2013, arXiv:1301.3781 and arXiv:1310.4546. Four blocks of text are learned at a time, each from the vectors as they
 * were before; their changes are then averaged, in order, so that vectors are the same on any number of processors.
 */
public record WordTraining(
        @Setting(meaning = "skip-gram predicts from each neighbor by itself; cbow from the mean of all")
        Architecture architecture,

        @Setting(meaning = "how a word is predicted: negative sampling, or hierarchical softmax")
        Prediction prediction,

        @Setting(least = 1, meaning = "numbers of a vector") int size,

        @Setting(least = 1, meaning = "neighbors on either side at most; each time a number drawn up to this")
        int window,

        @Setting(least = 1, meaning = "words drawn at random for each word that is predicted, for negative sampling")
        int negative,

        @Setting(
                least = 0,
                label = "T",
                meaning = "share of the text above which a word is left out at random; 0 for none")
        double subsample,

        @Setting(least = 1, meaning = "passes over the text")
        int epochs,

        @Setting(
                above = 0,
                label = "RATE",
                meaning = "learning rate, which falls to 0",
                otherwise = "0.025 for skip-gram, 0.05 for cbow")
        OptionalDouble rate,

        @Setting(meaning = "seed of all that is drawn at random")
        long seed) {
    /** What predicts a word. */
    public enum Architecture {
        SKIP_GRAM,
        CBOW
    }

    /** How a word is predicted. */
    public enum Prediction {
        NEGATIVE,
        HIERARCHICAL
    }

    public static final WordTraining USUAL = new WordTraining(
            Architecture.SKIP_GRAM, Prediction.NEGATIVE, 100, 5, 5, 1e-3, 5, OptionalDouble.empty(), 0);

    private static final double SKIP_GRAM_RATE = 0.025;
    private static final double CBOW_RATE = 0.05;
    private static final double LEAST_RATE = 1e-4;
    private static final int LANES = 4;

    /** Words that a lane learns before the changes of all are added. */
    private static final int BLOCK = 250;

    private static final double POWER = 0.75;
    private static final int DRAWS = 1 << 20;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    public WordTraining {
        Settings.require(
                WordTraining.class, architecture, prediction, size, window, negative, subsample, epochs, rate, seed);
    }

    /**
     * Vectors.
     *
     * @param epochs that were done, which are fewer if the work was stopped
     */
    public record Trained(WordVectors vectors, double epochs) {}

    /** @param progress a {@link CancellationException} of it ends the work with the vectors so far */
    public Trained on(Text text, Progress progress) {
        Network network = new Network(text);
        int rounds = (text.tokens().length + LANES * BLOCK - 1) / (LANES * BLOCK);
        long all = (long) rounds * epochs;
        long done = 0;
        try {
            while (done < all) {
                network.round((int) (done / rounds), (int) (done % rounds), 1 - (double) done / all);
                progress.report(++done, all);
            }
        } catch (CancellationException stopped) {
            progress.report(done, done);
        }
        return new Trained(new WordVectors(text.words(), network.input, size), (double) done / rounds);
    }

    private final class Network {
        private final Text text;
        private final float[] input;
        private final float[] weights;
        private final double[] kept;
        private final int[] draws;
        private final HuffmanTree tree;
        private final Lane[] lanes = new Lane[LANES];

        Network(Text text) {
            this.text = text;
            int words = text.words().size();
            SplittableRandom random = new SplittableRandom(seed);
            input = new float[Math.multiplyExact(words, size)];
            for (int index = 0; index < input.length; index++) {
                input[index] = (float) ((random.nextDouble() - 0.5) / size);
            }
            weights = new float[input.length];
            kept = kept();
            draws = prediction == Prediction.NEGATIVE ? draws() : new int[0];
            tree = prediction == Prediction.HIERARCHICAL
                    ? HuffmanTree.of(text.counts())
                    : new HuffmanTree(new int[0][], new byte[0][]);
            Arrays.setAll(lanes, unused -> new Lane());
        }

        /** Probability of each word not to be left out: {@code (√(f / t) + 1) t / f} for its share f of the text. */
        private double[] kept() {
            double length = text.length();
            return Arrays.stream(text.counts())
                    .mapToDouble(count -> {
                        double share = count / length;
                        return subsample > 0 ? Math.min(1, (Math.sqrt(share / subsample) + 1) * subsample / share) : 1;
                    })
                    .toArray();
        }

        /** Words as often as they are to be drawn, in proportion to the power 3/4 of their frequency. */
        private int[] draws() {
            double sum = Arrays.stream(text.counts())
                    .mapToDouble(count -> Math.pow(count, POWER))
                    .sum();
            int[] table = new int[DRAWS];
            int word = 0;
            double reached = Math.pow(text.counts()[0], POWER) / sum;
            for (int place = 0; place < DRAWS; place++) {
                table[place] = word;
                if ((place + 1.0) / DRAWS > reached && word + 1 < text.counts().length) {
                    word++;
                    reached += Math.pow(text.counts()[word], POWER) / sum;
                }
            }
            return table;
        }

        void round(int epoch, int number, double left) {
            double first = rate.orElse(architecture == Architecture.SKIP_GRAM ? SKIP_GRAM_RATE : CBOW_RATE);
            float step = (float) (first * Math.max(LEAST_RATE, left));
            IntStream.range(0, LANES).parallel().forEach(lane -> {
                int from = (number * LANES + lane) * BLOCK;
                int to = Math.min(text.tokens().length, from + BLOCK);
                lanes[lane].learn(from, to, step, new SplittableRandom((seed * MIX + epoch) * MIX + from));
            });
            IntStream.range(0, LANES).parallel().forEach(lane -> lanes[lane].subtract());
            byte[] inputChanges = new byte[text.words().size()];
            byte[] outputChanges = new byte[text.words().size()];
            for (Lane lane : lanes) {
                lane.inputs.count(inputChanges);
                lane.outputs.count(outputChanges);
            }
            for (Lane lane : lanes) {
                lane.inputs.add(inputChanges);
                lane.outputs.add(outputChanges);
            }
        }

        /** What learns a block of text by itself. */
        private final class Lane {
            private final Overlay inputs = new Overlay(input, size);
            private final Overlay outputs = new Overlay(weights, size);
            private final float[] hidden = new float[size];
            private final float[] change = new float[size];
            private int[] sentence = new int[BLOCK];

            void subtract() {
                inputs.subtract();
                outputs.subtract();
            }

            void learn(int from, int to, float step, SplittableRandom random) {
                int length = 0;
                for (int place = from; place <= to; place++) {
                    int token = place < to ? text.tokens()[place] : Text.BREAK;
                    if (token == Text.BREAK) {
                        for (int center = 0; center < length; center++) {
                            learn(length, center, 1 + random.nextInt(window), step, random);
                        }
                        length = 0;
                    } else if (kept[token] >= 1 || random.nextDouble() < kept[token]) {
                        sentence[length++] = token;
                    }
                }
            }

            private void learn(int length, int center, int reach, float step, SplittableRandom random) {
                int first = Math.max(0, center - reach);
                int last = Math.min(length - 1, center + reach);
                if (architecture == Architecture.SKIP_GRAM) {
                    for (int near = first; near <= last; near++) {
                        if (near != center) {
                            int place = inputs.place(sentence[near]);
                            System.arraycopy(inputs.values(), place, hidden, 0, size);
                            predict(sentence[center], step, random);
                            addChange(place);
                        }
                    }
                } else if (last > first) {
                    Arrays.fill(hidden, 0);
                    for (int near = first; near <= last; near++) {
                        if (near != center) {
                            int place = inputs.place(sentence[near]);
                            for (int column = 0; column < size; column++) {
                                hidden[column] += inputs.values()[place + column];
                            }
                        }
                    }
                    for (int column = 0; column < size; column++) {
                        hidden[column] /= last - first;
                    }
                    predict(sentence[center], step, random);
                    for (int near = first; near <= last; near++) {
                        if (near != center) {
                            addChange(inputs.place(sentence[near]));
                        }
                    }
                }
            }

            /** Moves the weights so that the hidden layer predicts a word better; how it should change itself. */
            private void predict(int word, float step, SplittableRandom random) {
                Arrays.fill(change, 0);
                if (prediction == Prediction.NEGATIVE) {
                    decide(word, 1, step);
                    for (int sample = 0; sample < negative; sample++) {
                        int other = draws[random.nextInt(DRAWS)];
                        if (other != word) {
                            decide(other, 0, step);
                        }
                    }
                } else {
                    for (int level = 0; level < tree.nodes()[word].length; level++) {
                        decide(tree.nodes()[word][level], 1 - tree.turns()[word][level], step);
                    }
                }
            }

            private void decide(int row, int wanted, float step) {
                int place = outputs.place(row);
                float[] own = outputs.values();
                double score = dot(own, place);
                float error = (float) (wanted - 1 / (1 + Math.exp(-score))) * step;
                for (int column = 0; column < size; column++) {
                    change[column] += error * own[place + column];
                    own[place + column] += error * hidden[column];
                }
            }

            /** Of the hidden layer and a row, in four sums, which the processor computes at the same time. */
            private float dot(float[] own, int place) {
                float first = 0;
                float second = 0;
                float third = 0;
                float fourth = 0;
                int column = 0;
                for (; column + 3 < size; column += 4) {
                    first += hidden[column] * own[place + column];
                    second += hidden[column + 1] * own[place + column + 1];
                    third += hidden[column + 2] * own[place + column + 2];
                    fourth += hidden[column + 3] * own[place + column + 3];
                }
                for (; column < size; column++) {
                    first += hidden[column] * own[place + column];
                }
                return first + second + (third + fourth);
            }

            private void addChange(int place) {
                for (int column = 0; column < size; column++) {
                    inputs.values()[place + column] += change[column];
                }
            }
        }
    }
}
