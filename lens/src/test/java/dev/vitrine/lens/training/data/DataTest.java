package dev.vitrine.lens.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataTest {
    @TempDir
    private Path folder;

    /** Class k has 10 · (k + 1) gray pictures. */
    private static Samples samples() {
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < 3; label++) {
            labels.addAll(Collections.nCopies(10 * (label + 1), label));
        }
        return new Samples() {
            @Override
            public List<String> classNames() {
                return List.of("a", "b", "c");
            }

            @Override
            public int size() {
                return labels.size();
            }

            @Override
            public int label(int index) {
                return labels.get(index);
            }

            @Override
            public String name(int index) {
                return "picture " + index;
            }

            @Override
            public Picture read(int index) {
                byte[] rgb = new byte[3 * 8 * 6];
                new SplittableRandom(index).nextBytes(rgb);
                return Picture.wrap(8, 6, rgb);
            }

            @Override
            public String contents() {
                return "made";
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void aSplitHoldsOutTheSameShareOfEachClass() {
        Samples samples = samples();
        Split split = Split.of(samples, 0.2, 4);
        int[] held = new int[3];
        split.heldOut().forEach(index -> held[samples.label(index)]++);
        assertThat(held).containsExactly(2, 4, 6);
        List<Integer> all = new ArrayList<>(split.train());
        all.addAll(split.heldOut());
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 60).boxed().toList());
        assertThat(Split.of(samples, 0.2, 4)).isEqualTo(split);
        assertThat(Split.of(samples, 0.2, 5)).isNotEqualTo(split);
    }

    @Test
    void aNaturalEpochHasEachSampleOnce() {
        Samples samples = samples();
        List<Integer> train = Split.of(samples, 0.2, 4).train();
        List<Integer> order = Orders.NATURAL.epoch(samples, train, 1, 0);
        assertThat(order).containsExactlyInAnyOrderElementsOf(train).isNotEqualTo(train);
        assertThat(Orders.NATURAL.epoch(samples, train, 1, 0)).isEqualTo(order);
        assertThat(Orders.NATURAL.epoch(samples, train, 1, 1)).isNotEqualTo(order);
    }

    @Test
    void aBalancedEpochHasEachClassAlikeAndOfEachAllSamples() {
        Samples samples = samples();
        List<Integer> train = Split.of(samples, 0.2, 4).train();
        List<Integer> order = Orders.BALANCED.epoch(samples, train, 1, 0);
        int[] counts = new int[3];
        order.forEach(index -> counts[samples.label(index)]++);
        assertThat(counts).containsExactly(16, 16, 16);
        assertThat(new HashSet<>(order)).hasSize(8 + 16 + 16);
    }

    @Test
    void withoutAugmentationAPictureStaysAsItIs() {
        Picture picture = samples().read(3);
        assertThat(Augmentation.NONE.apply(picture, 8, 6, 0, new SplittableRandom(1)))
                .isEqualTo(picture);
    }

    @Test
    void mirroringExchangesLeftAndRight() {
        Picture picture = samples().read(3);
        Picture mirrored = new Augmentation(1, 1, 0, 0, 1, 0, 0, 0).apply(picture, 8, 6, 0, new SplittableRandom(1));
        for (int y = 0; y < 6; y++) {
            for (int x = 0; x < 8; x++) {
                assertThat(mirrored.color(x, y)).isEqualTo(picture.color(7 - x, y));
            }
        }
    }

    @Test
    void aCoveredRectangleHasTheGivenColor() {
        Picture gray = Picture.filled(20, 20, 0x808080);
        Picture covered =
                new Augmentation(1, 1, 0, 0, 0, 0, 1, 0).apply(gray, 20, 20, 0x102030, new SplittableRandom(1));
        long count = IntStream.range(0, 400)
                .filter(i -> covered.color(i % 20, i / 20) == 0x102030)
                .count();
        assertThat(count).isBetween(4L, 90L);
        assertThat(IntStream.range(0, 400)
                        .filter(i -> covered.color(i % 20, i / 20) == 0x808080)
                        .count())
                .isEqualTo(400 - count);
    }

    @Test
    void aChangeIsTheSameAtAnySize() {
        Augmentation augmentation = new Augmentation(0.5, 1.3, 0.1, 0, 0.5, 0, 1, 0);
        Picture gray = Picture.filled(40, 40, 0x808080);
        for (int seed = 0; seed < 20; seed++) {
            Change change = augmentation.draw(20, 20, new SplittableRandom(seed));
            Picture small = change.apply(gray, 20, 20, 0x102030);
            Picture large = change.apply(gray, 60, 60, 0x102030);
            for (int i = 0; i < 3600; i++) {
                assertThat(large.color(i % 60, i / 60)).isEqualTo(small.color(i % 60 / 3, i / 180));
            }
        }
    }

    @Test
    void blendedPicturesAreSumsOfTheSameChangesAndSoAreTheTeachers() {
        List<Tensor> seen = new CopyOnWriteArrayList<>();
        Preprocessing twice = new Preprocessing(
                10, 8, Fit.CROP, Resampling.BILINEAR, ChannelOrder.RGB, Layout.NCHW, Normalization.range(0, 1, 3));
        SoftLabels teacher = new SoftLabels() {
            @Override
            public Preprocessing preprocessing() {
                return twice;
            }

            @Override
            public Tensor logits(Tensor images) {
                seen.add(images);
                return images;
            }
        };
        List<Batch> plain = batches(1, 2, 0, 0, Optional.of(teacher));
        List<Tensor> plainSeen = List.copyOf(seen);
        seen.clear();
        List<Batch> blended = batches(1, 2, 0, 0.4, Optional.of(teacher));
        for (int step = 0; step < plain.size(); step++) {
            Batch.Blend blend = blended.get(step).blend().orElseThrow();
            long[] labels = plain.get(step).labels().toLongs();
            float[] shares = blend.shares().toFloats();
            assertThat(blended.get(step).labels()).isEqualTo(plain.get(step).labels());
            for (int i = 0; i < labels.length; i++) {
                assertThat(blend.others().toLongs()[i]).isEqualTo(labels[(i + 1) % labels.length]);
                assertThat(shares[i]).isBetween(0.5f, 1f);
            }
            requireSum(plain.get(step).images(), blended.get(step).images(), shares);
            assertThat(seen.get(step).shape()).containsExactly(7, 3, 8, 10);
            requireSum(plainSeen.get(step), seen.get(step), shares);
            assertThat(blended.get(step).teacher()).contains(seen.get(step));
        }
    }

    private static void requireSum(Tensor plain, Tensor blended, float[] shares) {
        float[] own = plain.toFloats();
        float[] found = blended.toFloats();
        int size = own.length / shares.length;
        for (int i = 0; i < own.length; i++) {
            float share = shares[i / size];
            float next = own[(i + size) % own.length];
            assertThat(found[i]).isEqualTo(share * own[i] + (1 - share) * next, within(1e-6f));
        }
    }

    /** Of Beta(1, 1), which is uniform, the larger part has the mean 3/4; of Beta(α, α) with small α it is near 1. */
    @Test
    void sharesOfBlendedPicturesFollowBeta() {
        SplittableRandom random = new SplittableRandom(4);
        Augmentation uniform = new Augmentation(1, 1, 0, 0, 0, 0, 0, 1);
        Augmentation narrow = new Augmentation(1, 1, 0, 0, 0, 0, 0, 0.1);
        assertThat(IntStream.range(0, 20_000)
                        .mapToDouble(i -> uniform.share(random))
                        .average()
                        .orElseThrow())
                .isEqualTo(0.75, within(0.005));
        // E|λ − ½| of Beta(α, α) is 1 / (α 4^α B(α, α)): 0.4416 for α = 0.1.
        assertThat(IntStream.range(0, 20_000)
                        .mapToDouble(i -> narrow.share(random))
                        .average()
                        .orElseThrow())
                .isEqualTo(0.9416, within(0.005));
    }

    @Test
    void impossibleAugmentationsAreRefused() {
        assertThatThrownBy(() -> new Augmentation(0, 1, 0, 0, 0, 0, 0, 0)).hasMessageContaining("area 0.0");
        assertThatThrownBy(() -> new Augmentation(1, 0.5, 0, 0, 0, 0, 0, 0)).hasMessageContaining("aspect 0.5");
        assertThatThrownBy(() -> new Augmentation(1, 1, 0, 0, 1.5, 0, 0, 0)).hasMessageContaining("mirrored 1.5");
    }

    private List<Batch> batches(int threads, int epoch, int from) {
        return batches(threads, epoch, from, 0, Optional.empty());
    }

    private List<Batch> batches(int threads, int epoch, int from, double mixup, Optional<SoftLabels> teacher) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Samples samples = samples();
            Preprocessing preprocessing = new Preprocessing(
                    5, 4, Fit.CROP, Resampling.BILINEAR, ChannelOrder.RGB, Layout.NCHW, Normalization.range(0, 1, 3));
            List<Batch> batches = new ArrayList<>();
            Iterator<Batch> found = new BatchLoader(
                            samples,
                            Split.of(samples, 0.2, 4).train(),
                            new PreparedPictures(samples, picture -> picture, 1000),
                            new Augmentation(0.5, 1.3, 0.1, 10, 0.5, 0.3, 0.3, mixup),
                            preprocessing,
                            teacher,
                            Orders.NATURAL,
                            7,
                            1,
                            pool)
                    .epoch(epoch, from);
            found.forEachRemaining(batches::add);
            return batches;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void batchesDependOnSeedAndEpochAndNotOnThreads() {
        List<Batch> one = batches(1, 2, 0);
        assertThat(one).hasSize(48 / 7);
        assertThat(one.get(0).images().shape()).containsExactly(7, 3, 4, 5);
        assertThat(batches(4, 2, 0)).isEqualTo(one);
        assertThat(batches(4, 2, 3)).isEqualTo(one.subList(3, one.size()));
        assertThat(batches(4, 3, 0)).isNotEqualTo(one);
    }

    private Path idx(String name, int magic, byte[] content, int... sizes) throws IOException {
        Path file = folder.resolve(name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output =
                new DataOutputStream(name.endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes)) {
            output.writeInt(magic);
            for (int size : sizes) {
                output.writeInt(size);
            }
            output.write(content);
        }
        return Files.write(file, bytes.toByteArray());
    }

    @Test
    void idxFilesAreReadZippedOrNot() throws IOException {
        Path images = idx("images.gz", 0x803, new byte[] {0, 50, 100, (byte) 200, 9, 8, 7, 6}, 2, 2, 2);
        Path labels = idx("labels", 0x801, new byte[] {3, 1}, 2);
        try (IdxSamples samples = IdxSamples.open(images, labels)) {
            assertThat(samples.size()).isEqualTo(2);
            assertThat(samples.classNames()).containsExactly("0", "1", "2", "3");
            assertThat(samples.label(0)).isEqualTo(3);
            assertThat(samples.read(0).color(1, 1)).isEqualTo(0xc8c8c8);
            assertThat(samples.read(1).color(0, 0)).isEqualTo(0x090909);
        }
    }

    @Test
    void brokenIdxFilesAreNamed() throws IOException {
        Path images = idx("images", 0x803, new byte[] {0, 50, 100}, 1, 2, 2);
        Path whole = idx("whole", 0x803, new byte[] {0, 50, 100, 7}, 1, 2, 2);
        Path two = idx("two", 0x801, new byte[] {3, 1}, 2);
        Path one = idx("one", 0x801, new byte[] {3}, 1);
        assertThatThrownBy(() -> IdxSamples.open(whole, two)).hasMessageContainingAll("1 pictures", "2 labels");
        assertThatThrownBy(() -> IdxSamples.open(images, one)).hasMessageContainingAll("images", "ends too early");
        assertThatThrownBy(() -> IdxSamples.open(one, images))
                .hasMessageContainingAll("one", "0x00000801", "0x00000803");
        assertThatThrownBy(() -> IdxSamples.open(folder.resolve("none"), one)).hasMessageContaining("no such file");
    }
}
