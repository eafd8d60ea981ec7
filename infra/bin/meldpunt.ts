import { meldpuntApp } from '../app.ts';

meldpuntApp().synth();
