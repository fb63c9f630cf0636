//! A drawing of a report: for each phase the latencies of every second, and how they are distributed.

use std::error::Error;
use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;
use roomgate::harness::load::Report;
use roomgate::harness::load::report::{Latency, Phase, Second};

use super::words::{count, rate, time};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const WIDTH: u32 = 1200;
/// Of one phase.
const HEIGHT: u32 = 420;
const TITLE: u32 = 44;
const FONT: (&str, i32) = ("sans-serif", 14);
const HEADING: (&str, i32) = ("sans-serif", 18);
const NORMAL: RGBColor = RGBColor(31, 90, 166);
const HIGH: RGBColor = RGBColor(200, 60, 30);
/// The rarest that a distribution shows: one in a hundred thousand.
const RAREST: f64 = 100_000.0;

/// Draws it as SVG.
pub(super) fn draw(report: &Report) -> Outcome<String> {
    let mut svg = String::new();
    {
        let phases: Vec<&Phase> = report.phases.iter().filter(|phase| !phase.lanes.is_empty()).collect();
        let height = TITLE + HEIGHT * u32::try_from(phases.len().max(1))?;
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        root.fill(&WHITE)?;
        let (title, body) = root.split_vertically(TITLE);
        title.titled(&heading(report), HEADING)?;
        if phases.is_empty() {
            body.titled("nothing was delivered", FONT)?;
        }
        for (area, phase) in body.split_evenly((phases.len().max(1), 1)).iter().zip(phases) {
            let (left, right) = area.split_horizontally(WIDTH * 3 / 5);
            over_time(&left, phase)?;
            distribution(&right, phase)?;
        }
        root.present()?;
    }
    Ok(svg)
}

fn heading(report: &Report) -> String {
    let settings = &report.settings;
    let (members, rooms) = (count(settings.members as u64), count(settings.rooms as u64));
    let rate = settings
        .rate_per_room
        .map_or("as fast as it goes".to_owned(), |per_room| format!("{} messages a second and room", rate(per_room)));
    format!("roomgate load: {}, members {members}, rooms {rooms}, {rate}", settings.scenario)
}

/// A line of the left side.
struct Line {
    name: String,
    colour: RGBAColor,
    width: u32,
    points: Vec<(f64, f64)>,
}

fn over_time(area: &Area<'_>, phase: &Phase) -> Outcome {
    let lines = lines(phase);
    let end = phase.timeline.last().map_or(1.0, |second| second.until_s).max(1.0);
    let range = range(lines.iter().flat_map(|line| &line.points).map(|point| point.1));
    let mut chart = ChartBuilder::on(area)
        .caption(format!("{}: latency over time", phase.name), FONT)
        .margin(12)
        .margin_right(32)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..end, range.log_scale())?;
    chart
        .configure_mesh()
        .x_desc("seconds")
        .y_desc("latency")
        .y_label_formatter(&|us| time(Some(us.round() as u64)))
        .light_line_style(BLACK.mix(0.04))
        .bold_line_style(BLACK.mix(0.12))
        .label_style(FONT)
        .draw()?;
    for Line { name, colour, width, points } in lines {
        let style = colour.stroke_width(width);
        let dots = points.iter().map(|point| Circle::new(*point, 2, colour.filled())).collect::<Vec<_>>();
        chart.draw_series(LineSeries::new(points, style))?.label(name).legend(move |(x, y)| key(x, y, style));
        chart.draw_series(dots)?;
    }
    legend(&mut chart)
}

fn lines(phase: &Phase) -> Vec<Line> {
    type Pick = fn(&Latency) -> Option<u64>;
    type Of = fn(&Second) -> &Latency;
    let kinds: [(&str, u32, f64, Pick); 3] = [
        ("max", 1, 0.35, |latency| latency.max_us),
        ("p99", 2, 1.0, |latency| latency.p99_us),
        ("p50", 1, 0.7, |latency| latency.p50_us),
    ];
    let lanes: [(&str, RGBColor, Of); 2] =
        [("normal", NORMAL, |second| &second.normal), ("high", HIGH, |second| &second.high)];
    let mut lines = Vec::new();
    for (lane, colour, of) in lanes {
        for (kind, width, strength, pick) in kinds {
            let point = |second: &Second| Some((second.until_s, pick(of(second))? as f64));
            let points: Vec<_> = phase.timeline.iter().filter_map(point).collect();
            if !points.is_empty() {
                lines.push(Line { name: format!("{lane} {kind}"), colour: colour.mix(strength), width, points });
            }
        }
    }
    lines
}

fn distribution(area: &Area<'_>, phase: &Phase) -> Outcome {
    let lanes: Vec<_> = phase.lanes.iter().map(|lane| (lane.lane, shares(&lane.distribution))).collect();
    let range = range(lanes.iter().flat_map(|(_, points)| points).map(|point| point.1));
    let mut chart = ChartBuilder::on(area)
        .caption(format!("{}: distribution", phase.name), FONT)
        .margin(12)
        .margin_right(32)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d((1.0..RAREST).log_scale(), range.log_scale())?;
    chart
        .configure_mesh()
        .x_desc("percentile")
        .y_desc("latency")
        .x_label_formatter(&|rarity| percentile(*rarity))
        .y_label_formatter(&|us| time(Some(us.round() as u64)))
        .x_labels(6)
        .light_line_style(BLACK.mix(0.04))
        .bold_line_style(BLACK.mix(0.12))
        .label_style(FONT)
        .draw()?;
    for (lane, points) in lanes {
        let style = if lane == "high" { HIGH } else { NORMAL }.stroke_width(2);
        chart.draw_series(LineSeries::new(points, style))?.label(lane).legend(move |(x, y)| key(x, y, style));
    }
    legend(&mut chart)
}

/// How rare it is (1 in so many), and how late.
fn shares(distribution: &[(f64, u64)]) -> Vec<(f64, f64)> {
    let rarity = |percent: f64| 100.0 / (100.0 - percent).max(100.0 / RAREST);
    distribution.iter().map(|(percent, us)| (rarity(*percent), *us as f64)).collect()
}

fn percentile(rarity: f64) -> String {
    let text = format!("{:.3}", 100.0 - 100.0 / rarity);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whole powers of ten around all of them.
fn range(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (least, most) = values.fold((f64::MAX, 1.0_f64), |(least, most), value| (least.min(value), most.max(value)));
    let least = least.clamp(1.0, most);
    10_f64.powf(least.log10().floor())..10_f64.powf((most * 1.01).log10().ceil())
}

fn key(x: i32, y: i32, style: ShapeStyle) -> PathElement<(i32, i32)> {
    PathElement::new(vec![(x, y), (x + 18, y)], style)
}

fn legend<'a, DB: DrawingBackend + 'a, X: Ranged<ValueType = f64>, Y: Ranged<ValueType = f64>>(
    chart: &mut ChartContext<'a, DB, Cartesian2d<X, Y>>,
) -> Outcome
where
    DB::ErrorType: 'static,
{
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.2))
        .label_font(FONT)
        .draw()?;
    Ok(())
}
