package dev.vitrine.lens.model.preprocessing;

/** Which colours the channels of an input are, in order. */
public enum ChannelOrder {
    RGB(16, 8, 0),
    BGR(0, 8, 16),
    /** Luminance, ITU-R BT.601. */
    GREY(0);

    private final int[] shifts;

    ChannelOrder(int... shifts) {
        this.shifts = shifts;
    }

    /** How many channels. */
    public int count() {
        return shifts.length;
    }

    /** Where a channel's byte lies in {@code 0xRRGGBB}: how many bits above the lowest. */
    int shift(int channel) {
        return shifts[channel];
    }
}
