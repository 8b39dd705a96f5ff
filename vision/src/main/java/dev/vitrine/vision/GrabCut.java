package dev.vitrine.vision;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.render.Segmentation;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * min-cut of color mixtures that start at the pixels with a score above the upper quantile (object) and below the lower one
 * (background). Rother et al. 2004, doi:10.1145/1015706.1015720, from saliency as Simonyan et al. 2013, arXiv:1312.6034.
 *
 * @param object quantile of the scores from which pixels surely belong to the object
 * @param likely quantile from which they start as object, but may be found to be background; as published that of
 *     {@code object}
 * @param background quantile up to which they surely do not
 * @param iterations of the cut
 */
public record GrabCut(double object, double likely, double background, int iterations) {
    /** OpenCV's k-means starts at random. */
    private static final int SEED = 1;

    public GrabCut {
        if (!(background > 0 && background < likely && likely <= object && object < 1)) {
            throw new IllegalArgumentException("quantiles " + background + ", " + likely + " and " + object
                    + ": expected 0 < background < likely <= object < 1");
        }
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations " + iterations + ": expected at least 1");
        }
    }

    /**
     * 95 %, 60 % and 10 %: an object that fills the picture has little background, and more colors than the network looks
     * at most.
     */
    public GrabCut() {
        this(0.95, 0.60, 0.10, 5);
    }

    /**
     * @param heat {@code f32[H,W]} in the picture's size
     */
    public Segmentation segment(Picture picture, Tensor heat) {
        float[] scores = heat.toFloats();
        if (heat.dimension(0) != picture.height() || heat.dimension(1) != picture.width()) {
            throw new IllegalArgumentException("scores " + heat + " for " + picture + ": expected the same size");
        }
        byte[] mask = mask(scores);
        try {
            cut(picture, mask);
        } catch (LinkageError missing) {
            throw VitrineException.failure(
                    "Segmenting needs OpenCV's library, which comes for Linux on x86-64 only; found "
                            + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                            + ". Build with -Dnatives=PLATFORM (such as macosx-arm64) to take it for another one.",
                    missing);
        }
        boolean[] foreground = new boolean[mask.length];
        for (int index = 0; index < mask.length; index++) {
            foreground[index] = mask[index] == opencv_imgproc.GC_FGD || mask[index] == opencv_imgproc.GC_PR_FGD;
        }
        return new Segmentation(picture.width(), picture.height(), foreground);
    }

    // GrabCut's numbers: 0 background, 1 object, 2 probably background, 3 probably object. Written out, since naming
    // them would load
    // OpenCV.
    private byte[] mask(float[] scores) {
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        float high = sorted[Math.min(sorted.length - 1, (int) (object * sorted.length))];
        float low = sorted[(int) (background * sorted.length)];
        if (!(low < high)) {
            throw VitrineException.failure(
                    "The map has the same score from its " + Math.round(100 * background)
                            + " % to its " + Math.round(100 * object)
                            + " % quantile; expected scores that tell the object from the background. Choose another --method.");
        }
        float middle = sorted[(int) (likely * sorted.length)];
        byte[] mask = new byte[scores.length];
        for (int index = 0; index < mask.length; index++) {
            int between = scores[index] >= middle ? 3 : 2;
            mask[index] = (byte) (scores[index] >= high ? 1 : scores[index] <= low ? 0 : between);
        }
        return mask;
    }

    private void cut(Picture picture, byte[] mask) {
        byte[] bgr = new byte[3 * picture.width() * picture.height()];
        for (int index = 0; index < bgr.length; index += 3) {
            int color = picture.color(index / 3 % picture.width(), index / 3 / picture.width());
            bgr[index] = (byte) color;
            bgr[index + 1] = (byte) (color >> 8);
            bgr[index + 2] = (byte) (color >> 16);
        }
        try (BytePointer pixels = new BytePointer(bgr);
                BytePointer marks = new BytePointer(mask);
                Mat image = new Mat(picture.height(), picture.width(), opencv_core.CV_8UC3, pixels);
                Mat labels = new Mat(picture.height(), picture.width(), opencv_core.CV_8UC1, marks);
                Mat objectModel = new Mat();
                Mat backgroundModel = new Mat();
                Rect unused = new Rect()) {
            opencv_core.setRNGSeed(SEED);
            opencv_imgproc.grabCut(
                    image, labels, unused, backgroundModel, objectModel, iterations, opencv_imgproc.GC_INIT_WITH_MASK);
            marks.get(mask);
        }
    }
}
